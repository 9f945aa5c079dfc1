import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { FakePeerConnection } from '../src/testing/fake-media.ts';
import { FakeSocket } from '../src/testing/fake-socket.ts';
import { stubBrowser } from '../src/testing/join.ts';
import { BUNDLED } from './bundle.ts';
import { CLIENT, MODULES } from './entries.ts';

/* What of the sources, and of other packages, reaches browsers. */

let outputs: Metafile['outputs'];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hyperroom-bundle-'));
  const entryPoints = MODULES.map(({ source }) => source);
  ({
    metafile: { outputs },
  } = await build({ ...BUNDLED, entryPoints, outdir: folder, minify: true }));
});
afterAll(() => rm(folder, { recursive: true }));

/** The sources behind an entry of the package, with what it loads later. */
function sourcesOf(entry: string): string[] {
  const source = MODULES.find(({ subpath }) => subpath === entry)?.source.slice('./'.length);
  const [start] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === source) ?? [];
  if (start === undefined) throw new Error(`there is no ${entry}`);
  const needed = new Set([start]);
  for (const path of needed) for (const { path: imported } of outputs[path]?.imports ?? []) needed.add(imported);
  return [...needed].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
}

const BROWSER = ['.', './syncher', './react', './devices'];

test.each(BROWSER)('%s has nothing of the server entry, and no schemas', (entry) => {
  const isMissed = (source: string) => /node_modules\/(jose|valibot)\/|src\/server\//.test(source);
  const sources = sourcesOf(entry);
  expect(sources.length).toBeGreaterThan(1);
  expect(sources.filter(isMissed)).toEqual([]);
});

test('the server entry has both', () => {
  const sources = sourcesOf('./server');
  for (const name of ['jose', 'valibot']) expect(sources.some((source) => source.includes(`/${name}/`))).toBe(true);
});

const standing = () => {
  const [path] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === 'src/standing.ts') ?? [];
  if (path === undefined) throw new Error('nothing is loaded later');
  return path;
};

test('what a room needs from when it is joined is not needed before', () => {
  const importers = Object.values(outputs).flatMap(({ imports }) => imports.filter(({ path }) => path === standing()));
  expect(importers.map(({ kind }) => kind)).toEqual(['dynamic-import']);
});

test('a join that cannot load that leaves nothing behind, and the next one tries again', async () => {
  stubBrowser();
  const { Hyperroom } = (await import(join(folder, 'index.js'))) as typeof import('../src/index.ts');
  const client = new Hyperroom({
    url: 'ws://example.org/dev',
    WebSocket: FakeSocket.asWebSocket,
    RTCPeerConnection: FakePeerConnection.asRTCPeerConnection,
  });
  const part = resolve(CLIENT, standing());
  await rename(part, `${part}.away`);
  await expect(client.join('standup', { name: 'Ada' })).rejects.toMatchObject({ code: 'connection-refused' });
  await vi.waitFor(() => expect(FakeSocket.last.readyState).toBe(3), 10_000);
  expect(FakeSocket.last.frames).toEqual([]);
  expect(FakePeerConnection.made.every(({ closed }) => closed)).toBe(true);

  await rename(`${part}.away`, part);
  const abort = new AbortController();
  const joined = client.join('standup', { name: 'Ada', signal: abort.signal });
  joined.catch(() => {});
  FakeSocket.last.open();
  await vi.waitFor(() => expect(FakeSocket.last.messages).toHaveLength(2), 10_000);
  abort.abort('enough');
  await expect(joined).rejects.toBe('enough');
  vi.unstubAllGlobals();
}, 20_000);
