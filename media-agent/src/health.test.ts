import { afterEach, expect, test } from 'vitest';
import { HealthServer } from './health.ts';

const state = { signalling: true, kurento: true, rooms: 2, endpoints: 7, draining: false };
const server = new HealthServer(() => state);
afterEach(() => server.close());

test('says whether the node can serve a join', async () => {
  await server.listen(0);
  const healthy = await fetch(`${server.url}/healthz`);
  expect([healthy.status, await healthy.json()]).toEqual([200, state]);
  for (const part of ['signalling', 'kurento'] as const) {
    state[part] = false;
    const ill = await fetch(`${server.url}/healthz`);
    expect([ill.status, await ill.json()]).toEqual([503, state]);
    state[part] = true;
  }
  expect((await fetch(`${server.url}/`)).status).toBe(404);
});
