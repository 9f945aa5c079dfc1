import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Call } from './call.ts';

const MAIN = join(import.meta.dirname, '../../../../media-agent/src/main.ts');

let call: Call;
const children: ChildProcess[] = [];

beforeEach(async () => {
  call = await Call.start();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await call.close();
});

interface Run {
  child: ChildProcess;
  logs: string[];
  exited: Promise<unknown[]>;
  ready: Promise<unknown>;
}

function run(env: Record<string, string>, ...args: string[]): Run {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], {
    env: { ...process.env, AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  children.push(child);
  const logs: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => logs.push(line));
  const ready = once(createInterface({ input: child.stdout }), 'line').then(([line]) => JSON.parse(String(line)));
  return { child, logs, exited: once(child, 'exit'), ready };
}

const settings = () => ({
  SIGNALLING_URL: call.api.url,
  MANAGEMENT_ENDPOINT: call.api.managementEndpoint,
  DOMAIN: 'example.test',
  NODE_ID: '1',
  TOKEN: 'jwt',
  KURENTO_URL: call.engine.url,
  AWS_REGION: 'eu-west-1',
});

test('says that it is ready, serves, and on SIGTERM leaves nothing behind', async () => {
  const { child, exited, ready } = run(settings());
  const { health } = (await ready) as { health: string };
  expect((await fetch(`${health}/healthz`)).status).toBe(200);
  await call.join('a');
  await vi.waitFor(() => expect(call.api.postsTo('conn-a')).toHaveLength(1), 10_000);
  expect(call.engine.counts()).toEqual({ pipelines: 1, endpoints: 2 });

  const began = performance.now();
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(call.engine.counts()).toEqual({ pipelines: 0, endpoints: 0 });
  expect(call.api.messages.at(-1)).toMatchObject({ body: { value: 'disconnected' } });
});

test('ends with its parent', async () => {
  const { child, exited, ready } = run(settings());
  await ready;
  child.stdin?.end();
  expect(await exited).toEqual([0, null]);
});

test('can be ended before it is ready', async () => {
  call.api.handshakeStatus = 500;
  const { child, exited, logs } = run(settings());
  await vi.waitFor(() => expect(logs.join()).toContain('out of reach'), 10_000);
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

test('explains settings that are missing, and a refusal', async () => {
  const misconfigured = run({ ...settings(), DOMAIN: '', TOKEN: '' });
  expect(await misconfigured.exited).toEqual([2, null]);
  expect(misconfigured.logs.join('\n')).toContain('DOMAIN');

  call.api.handshakeStatus = 403;
  const refused = run(settings());
  expect(await refused.exited).toEqual([3, null]);
  expect(refused.logs.join('\n')).toContain('Check SIGNALLING_URL, TOKEN');
});
