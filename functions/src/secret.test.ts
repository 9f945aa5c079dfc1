import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { replaceable, type Secret } from './secret.ts';

let now: number;
/** What Secrets Manager has, and how often it was asked. */
let stages: { AWSCURRENT?: string; AWSPREVIOUS?: string };
let isDown: boolean;
let readings: number;
let secret: Secret;

beforeEach(() => {
  now = 0;
  stages = { AWSCURRENT: 'first' };
  isDown = false;
  readings = 0;
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  secret = replaceable(
    async (stage) => {
      readings += 1;
      if (isDown) throw new Error('throttled');
      return stages[stage];
    },
    () => now,
  );
});
afterEach(() => vi.restoreAllMocks());

describe('the value of a secret', () => {
  it('is read once, however many ask', async () => {
    expect(await Promise.all([secret.value(), secret.value()])).toEqual(['first', 'first']);
    expect(await secret.value()).toBe('first');
    expect(readings).toBe(1);
  });

  it('is another some minutes after it was replaced', async () => {
    await secret.value();
    stages = { AWSCURRENT: 'second', AWSPREVIOUS: 'first' };
    now += 4 * 60_000;
    expect(await secret.value()).toBe('first');
    now += 60_000;
    expect(await secret.value()).toBe('second');
  });

  it('is asked for again after a failure', async () => {
    isDown = true;
    await expect(secret.value()).rejects.toThrow('throttled');
    isDown = false;
    expect(await secret.value()).toBe('first');
  });

  it('is what it was while another cannot be had', async () => {
    await secret.value();
    isDown = true;
    now += 5 * 60_000;
    expect(await secret.value()).toBe('first');
    expect(await secret.value()).toBe('first');
  });

  it('is never empty', async () => {
    stages = { AWSCURRENT: '' };
    await expect(secret.value()).rejects.toThrow('empty');
  });
});

describe('the versions of a secret', () => {
  it('are the present value, and the one before', async () => {
    expect(await secret.versions()).toEqual(['first']);
    stages = { AWSCURRENT: 'second', AWSPREVIOUS: 'first' };
    now += 10_000;
    expect(await secret.versions()).toEqual(['second', 'first']);
    expect(await secret.value()).toBe('second');
  });

  it('are not read again for everybody who asks', async () => {
    await secret.versions();
    const before = readings;
    now += 9_999;
    expect(await secret.versions()).toEqual(['first']);
    expect(readings).toBe(before);
  });

  it('are none while Secrets Manager cannot be reached', async () => {
    isDown = true;
    expect(await secret.versions()).toEqual([]);
  });
});
