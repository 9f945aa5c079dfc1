import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Route } from '../route.ts';
import { routes } from '../routes.ts';
import { openApiDocument } from './document.ts';
import { EXAMPLES } from './examples.ts';
import { COMPONENTS } from './schemas.ts';
import { PARAMETER_TEXTS, SCHEMA_TEXTS, type SchemaName } from './texts.ts';

const document = openApiDocument(packageJson.version);

/** Everything in it that has a name of its own. */
function* within(value: unknown, key = ''): Generator<[string, unknown]> {
  yield [key, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [name, part] of Object.entries(value)) yield* within(part, name);
}

describe('the OpenAPI document', () => {
  it('in docs/ is the one that the routes and schemas make: npx tsx functions/src/api/openapi/write.ts', async () => {
    const committed = await readFile(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8');
    expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('has each operation once, under a name', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path)) as {
      operationId: string;
    }[];
    expect(operations).toHaveLength(Object.keys(routes).length);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  });

  it('refers to nothing that is not there', () => {
    const referred = [...within(document)].filter(([key]) => key === '$ref').map(([, to]) => String(to));
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(referred.length).toBeGreaterThan(20);
    expect(known).toEqual(expect.arrayContaining(referred));
  });

  it('describes every property of a body and every parameter, and no others', () => {
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      const { properties = {} } = SCHEMA_TEXTS[name as SchemaName];
      expect([name, ...Object.keys(properties).sort()]).toEqual([name, ...Object.keys(schema.properties ?? {}).sort()]);
    }
    const parameters = [...within(document.paths)].filter(([key]) => key === 'parameters').flatMap(([, list]) => list);
    const names = parameters.map((parameter) => (parameter as { name: string }).name);
    expect([...new Set(names)].sort()).toEqual(Object.keys(PARAMETER_TEXTS).sort());
  });

  it('has an example of every body that a route takes or gives, which that route would take or give', () => {
    const bodies = Object.values<Route>(routes).flatMap(({ body, answer }) => [body, answer]);
    const names = Object.entries(COMPONENTS).filter(([, schema]) => bodies.includes(schema));
    expect(names.map(([name]) => name).filter((name) => !(name in EXAMPLES))).toEqual([]);
    for (const [name, example] of Object.entries(EXAMPLES)) {
      const schema: v.GenericSchema = COMPONENTS[name as keyof typeof COMPONENTS];
      expect(v.safeParse(schema, example)).toMatchObject({ issues: undefined });
    }
  });
});
