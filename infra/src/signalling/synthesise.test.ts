import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { functionNames } from './bundle-functions.ts';
import { synthSignalling } from './synthesise.ts';

// Importing CDK takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let entryFolder: string;
const outdirs = new Set<string>();

beforeAll(async () => {
  entryFolder = await mkdtemp(join(tmpdir(), 'hyperroom-handlers-'));
  await writeFile(join(entryFolder, 'shared.ts'), 'export const shared: string = "first";\n');
  for (const name of functionNames) {
    await writeFile(
      join(entryFolder, `${name}.ts`),
      `import { shared } from './shared.ts';\nexport const handler = async () => \`${name} \${shared}\`;\n`,
    );
  }
});
afterAll(async () => {
  for (const folder of [entryFolder, ...outdirs]) await rm(folder, { recursive: true, force: true });
});

async function synthesise() {
  const stack = await synthSignalling({
    domain: 'localhost',
    allowAnonymous: true,
    webhookUrl: 'http://127.0.0.1/',
    entryFolder,
  });
  outdirs.add(stack.outdir);
  return stack;
}

async function callMessageFunction(assets: Readonly<Record<string, string>>): Promise<unknown[]> {
  const handlers = await Promise.all(Object.values(assets).map((folder) => import(join(folder, 'index.js'))));
  return Promise.all(handlers.map(({ handler }) => handler()));
}

test('a stack is synthesised once for the same inputs, and anew when a source changes', async () => {
  const [first, rival] = await Promise.all([synthesise(), synthesise()]);
  expect(rival).toEqual(first);
  const returned = await callMessageFunction(first.assets);
  // `admit` is for emulators.
  const deployed = functionNames.filter((name) => name !== 'admit');
  expect(returned.toSorted()).toEqual(deployed.map((name) => `${name} first`).toSorted());

  const startedAt = performance.now();
  expect(await synthesise()).toEqual(first);
  expect(performance.now() - startedAt).toBeLessThan(1000);

  await writeFile(join(entryFolder, 'shared.ts'), 'export const shared: string = "second";\n');
  const second = await synthesise();
  expect(second.outdir).not.toBe(first.outdir);
  expect(Object.keys(second.assets)).not.toEqual(Object.keys(first.assets));
});

test('every function of the template has its asset', async () => {
  const { template, assets } = await synthesise();
  const keys = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => (Properties as { Code: { S3Key: string } }).Code.S3Key);
  expect(keys.toSorted()).toEqual(Object.keys(assets).toSorted());
  for (const folder of Object.values(assets))
    expect(await readFile(join(folder, 'index.js'), 'utf8')).toContain('handler');
});
