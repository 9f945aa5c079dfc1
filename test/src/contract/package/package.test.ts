import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { type Built, buildPackage, measureSizes, type Packed, pack } from '@hyperroom/client/build';
import { publint } from 'publint';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeApiReports } from '../../../../client/packaging/api-report.ts';

const REPORTS = join(import.meta.dirname, '../../../../client/etc');

let folder: string;
let built: Built;
let packed: Packed;
let manifest: Record<string, unknown> & { exports: Record<string, string | { types: string; default: string }> };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hyperroom-package-'));
  built = await buildPackage(join(folder, 'package'));
  packed = await pack(built, folder);
  manifest = JSON.parse(await readFile(join(built.folder, 'package.json'), 'utf8'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('holds what its manifest exports, and no source but in maps', () => {
  const paths = packed.files.map(({ path }) => `./${path}`);
  const exported = Object.values(manifest.exports).flatMap((target) =>
    typeof target === 'string' ? target : [target.types, target.default],
  );
  expect(paths).toEqual(expect.arrayContaining([...exported, './README.md', './LICENSE', './THIRD-PARTY-NOTICES']));
  expect(paths.filter((path) => !/\.(js|js\.map|d\.ts|css|json)$|^\.\/[A-Z-]+(\.md)?$/.test(path))).toEqual([]);
});

it('needs nothing at run time', async () => {
  expect(manifest).not.toHaveProperty('dependencies');
  expect(manifest).toMatchObject({
    type: 'module',
    license: 'Apache-2.0',
    peerDependenciesMeta: { react: { optional: true } },
  });
  const notices = await readFile(join(built.folder, 'THIRD-PARTY-NOTICES'), 'utf8');
  for (const bundled of ['jose', 'valibot']) expect(notices).toContain(`${bundled} `);
});

it('says to frameworks that render on a server what lives in browsers', async () => {
  const { exports } = manifest;
  const react = exports['./react'];
  if (typeof react !== 'object') throw new Error('there is no React entry');
  expect(await readFile(join(built.folder, react.default), 'utf8')).toMatch(/^"use client";/);
});

it('has declarations that need nothing but React', () => {
  expect(built.typesFrom).toEqual(['react']);
});

it('is found with its types by whoever imports modules (attw)', async () => {
  const result = await checkPackage(createPackageFromTarballData(await readFile(packed.tarball)));
  if (!result.types) throw new Error('there are no types');
  const asked = Object.keys(result.entrypoints).filter((subpath) => !subpath.endsWith('.css'));
  expect(asked).toEqual(expect.arrayContaining(['.', './syncher', './devices', './react', './server']));
  // The package is of modules only: Node's CommonJS cannot have it without `import()`, and what knows no `exports` not its parts.
  const ofModules = result.problems.filter((problem) => {
    const { kind } = problem;
    const isOfOthers = 'resolutionKind' in problem && ['node10', 'node16-cjs'].includes(problem.resolutionKind);
    const isStyle = 'entrypoint' in problem && problem.entrypoint.endsWith('.css');
    return kind !== 'CJSResolvesToESM' && !isOfOthers && !isStyle;
  });
  expect(ofModules).toEqual([]);
});

it('is packed as it should be (publint)', async () => {
  const { messages } = await publint({ pkgDir: built.folder, strict: true, level: 'suggestion' });
  expect(messages).toEqual([]);
});

it('exports what was reviewed: after a change, npm run api:report, and look at what it writes', async () => {
  const written = join(folder, 'etc');
  expect(await writeApiReports(built, written)).toEqual([]);
  const reports = await readdir(written);
  expect(await readdir(REPORTS)).toEqual(reports);
  for (const report of reports) {
    expect(await readFile(join(written, report), 'utf8')).toBe(await readFile(join(REPORTS, report), 'utf8'));
  }
});

it('keeps to its sizes', async () => {
  const over = (await measureSizes()).filter(({ bytes, limit }) => limit !== undefined && bytes > limit);
  expect(over).toEqual([]);
});
