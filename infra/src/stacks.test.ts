import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createApp } from './cdk-app.ts';
import { expectSound } from './checks.testing.ts';
import { defaultSettings, type Settings } from './settings.ts';
import { functionNames } from './signalling/bundle-functions.ts';
import { addStacks, type BuiltFolders } from './stacks.ts';

// CDK takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;
let built: BuiltFolders;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hyperroom-stacks-'));
  built = {
    functionsFolder: join(folder, 'functions'),
    hostFolder: join(folder, 'host'),
    demoFolder: join(folder, 'demo'),
  };
  const files = ['host/start.sh', 'demo/index.html', ...functionNames.map((name) => `functions/${name}/index.js`)];
  for (const file of files) {
    await mkdir(join(folder, file, '..'), { recursive: true });
    await writeFile(join(folder, file), '');
  }
});
afterAll(() => rm(folder, { recursive: true }));

function stacksOf(settings: Partial<Settings>): Stack[] {
  const app = createApp();
  addStacks(app, { ...defaultSettings, ...settings }, built);
  return app.node.children as Stack[];
}

test('a deployment is four stacks, which know each other and look nothing up', () => {
  const stacks = stacksOf({});
  const names = stacks.map(({ stackName }) => stackName);
  expect(names).toEqual(['HyperroomSignalling', 'HyperroomOperations', 'HyperroomMedia', 'HyperroomWeb']);
  for (const stack of stacks) expectSound(stack);
  for (const stack of stacks.slice(1)) expect(stack.dependencies.map(({ stackName }) => stackName)).toEqual([names[0]]);
});

test('an emulator gets no dashboard', () => {
  const stacks = stacksOf({ media: false, web: false, emulated: true });
  expect(stacks.map(({ stackName }) => stackName)).toEqual(['HyperroomSignalling']);
});

test('without media nodes and page two are left, in the region that is asked for', () => {
  const stacks = stacksOf({ media: false, web: false, region: 'eu-central-1', domain: 'example.org' });
  expect(stacks.map(({ stackName }) => stackName)).toEqual(['HyperroomSignalling', 'HyperroomOperations']);
  for (const stack of stacks) {
    expectSound(stack);
    expect(stack.region).toBe('eu-central-1');
    expect(stack.tags.tagValues()).toEqual({ application: 'hyperroom', 'hyperroom:domain': 'example.org' });
  }
  // Tags are the stacks' own: CloudFormation hands them on, and templates stay plain.
  expect(JSON.stringify(stacks.map((stack) => Template.fromStack(stack).toJSON()))).not.toContain('hyperroom:domain');
});
