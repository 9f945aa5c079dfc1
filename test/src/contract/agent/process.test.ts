import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AgentProcesses } from './agent-processes.ts';
import { Call } from './call.ts';

let call: Call;
const processes = new AgentProcesses();

beforeEach(async () => {
  call = await Call.start();
});
afterEach(async () => {
  processes.kill();
  await call.close();
});

test('says that it is ready, serves, and on SIGTERM leaves nothing behind', async () => {
  const { child, exited, ready } = processes.run(call.settings);
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

test('drains on SIGUSR2, and says by its end that it is not to be started again', async () => {
  const { child, exited, ready } = processes.run({ ...call.settings, DRAIN_SECONDS: '0' });
  const { health } = await ready;
  child.kill('SIGUSR2');
  const look = async () => (await fetch(`${health}/healthz`)).json();
  await vi.waitFor(async () => expect(await look()).toMatchObject({ draining: true }), 5_000);
  expect(await exited).toEqual([4, null]);
  expect(call.api.messages.at(-1)).toMatchObject({ body: { value: 'disconnected' } });
}, 60_000);

test('ends with its parent', async () => {
  const { child, exited, ready } = processes.run(call.settings);
  await ready;
  child.stdin?.end();
  expect(await exited).toEqual([0, null]);
});

test('can be ended before it is ready', async () => {
  call.api.handshakeStatus = 500;
  const { child, exited, logs } = processes.run(call.settings);
  await vi.waitFor(() => expect(logs.join()).toContain('out of reach'), 10_000);
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

test('explains settings that are missing, and a refusal', async () => {
  const misconfigured = processes.run({ ...call.settings, DOMAIN: '', TOKEN: '' });
  expect(await misconfigured.exited).toEqual([2, null]);
  expect(misconfigured.logs.join('\n')).toContain('DOMAIN');

  call.api.handshakeStatus = 403;
  const refused = processes.run(call.settings);
  expect(await refused.exited).toEqual([3, null]);
  expect(refused.logs.join('\n')).toContain('Check SIGNALLING_URL, TOKEN');
});
