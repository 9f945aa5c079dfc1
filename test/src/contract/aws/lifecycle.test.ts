import { synthSignalling } from '@hyperroom/infra';
import { startAwsEmulator } from '@hyperroom/local/aws';
import { expect, test } from 'vitest';
import { Client, Gate, startFixture, synthFixture, withQuery } from './harness.ts';

/** What would keep the process alive. */
function handles(): Record<string, number> {
  const kept = ['TCPServerWrap', 'TCPSocketWrap', 'MessagePort', 'Timeout'];
  const active = process.getActiveResourcesInfo().filter((name) => kept.includes(name));
  return Object.fromEntries(kept.map((name) => [name, active.filter((other) => other === name).length]));
}

test('closing leaves nothing running, whatever was going on', async () => {
  const { template, assets } = await synthFixture();
  const gate = await Gate.open();
  const before = handles();
  const emulator = await startAwsEmulator({ template, assets, delivery: { mode: 'reorder', seed: 1, windowMs: 1 } });
  const client = await Client.open(withQuery(emulator.signallingUrl));
  for (const label of ['one', 'two', 'three']) client.send({ do: 'wait', gate: `${gate.url}/${label}`, label });
  await gate.arrivals(2);
  const startedAt = performance.now();
  await emulator.close();
  expect(performance.now() - startedAt).toBeLessThan(2000);
  await client.closed;
  await gate.left();
  await expect.poll(handles).toEqual(before);
});

test('a fixed port can be taken again', async () => {
  const first = await startFixture();
  const port = Number(new URL(first.emulator.signallingUrl).port);
  await expect(startFixture({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await first[Symbol.asyncDispose]();
  await using second = await startFixture({ port });
  await second.connect();
});

test('a function which cannot be loaded is told at the start', async () => {
  const { template, assets } = await synthFixture();
  const before = handles();
  const nowhere = Object.fromEntries(Object.keys(assets).map((key) => [key, '/nowhere']));
  await expect(startAwsEmulator({ template, assets: nowhere })).rejects.toThrow(
    "Cannot find module '/nowhere/index.js'",
  );
  await expect(startAwsEmulator({ template, assets: {} })).rejects.toMatchObject({ code: 'template-unsupported' });
  await expect.poll(handles).toEqual(before);
});

test('the real functions start, and admit who has no token when told to', async () => {
  const { template, assets } = await synthSignalling({ domain: 'localhost', allowAnonymous: true });
  const emulator = await startAwsEmulator({ template, assets });
  try {
    const client = await Client.open(emulator.signallingUrl);
    expect((await emulator.metrics()).openConnections).toHaveLength(1);
    client.socket.close();
  } finally {
    await emulator.close();
  }
});
