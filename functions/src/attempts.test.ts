import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { inSpiteOfRivals, patiently } from './attempts.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const throttled = () => Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });

describe('what nobody waits for', () => {
  test('outlasts throttling', async () => {
    const act = vi.fn(async () => {});
    act.mockRejectedValueOnce(throttled()).mockRejectedValueOnce(throttled());
    const done = patiently(act);
    await vi.runAllTimersAsync();
    await done;
    expect(act).toHaveBeenCalledTimes(3);
  });

  test('is given up after some seconds, within the time that its function has', async () => {
    const act = vi.fn(async () => {
      throw throttled();
    });
    const began = Date.now();
    const done = expect(patiently(act)).rejects.toThrow('Rate exceeded');
    await vi.runAllTimersAsync();
    await done;
    expect(act.mock.calls.length).toBeGreaterThan(5);
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  test('is not done again for any other reason', async () => {
    const act = vi.fn(async () => {
      throw new Error('broken');
    });
    await expect(patiently(act)).rejects.toThrow('broken');
    expect(act).toHaveBeenCalledTimes(1);
  });
});

describe('what rivals come before', () => {
  test('is tried until it comes first', async () => {
    const results = [undefined, undefined, 'mine'];
    const done = inSpiteOfRivals('it', async () => results.shift());
    await vi.runAllTimersAsync();
    expect(await done).toBe('mine');
  });

  test('is refused as too much after twenty times', async () => {
    const attempt = vi.fn(async () => undefined);
    const done = expect(inSpiteOfRivals('it', attempt)).rejects.toMatchObject({ code: 429 });
    await vi.runAllTimersAsync();
    await done;
    expect(attempt).toHaveBeenCalledTimes(20);
  });
});
