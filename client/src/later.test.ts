import { expect, test, vi } from 'vitest';
import { onceLoaded } from './later.ts';

const offline = new TypeError('Failed to fetch dynamically imported module');

test('a part is loaded once, however many ask for it', async () => {
  const load = vi.fn(async () => ({ name: 'a part' }));
  const part = onceLoaded(load);
  const [one, other] = await Promise.all([part(), part()]);
  expect(one).toBe(other);
  expect(await part()).toBe(one);
  expect(load).toHaveBeenCalledTimes(1);
});

test('what could not be loaded is told to all who asked, and loaded for who asks again', async () => {
  const load = vi.fn().mockRejectedValueOnce(offline).mockResolvedValue('a part');
  const part = onceLoaded(load);
  const outcomes = await Promise.allSettled([part(), part()]);
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ reason: { name: 'HyperroomError', code: 'connection-refused' } });
  }
  expect(load).toHaveBeenCalledTimes(1);
  expect(await part()).toBe('a part');
});
