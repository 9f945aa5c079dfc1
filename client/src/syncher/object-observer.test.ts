import type { ObjectUpdate } from '@hyperroom/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ObjectObserver } from './object-observer.ts';
import type { Versioned } from './types.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const object = (version: number): Versioned => ({ version, lastModified: 't', data: { count: version } });
const countOf = ({ data }: Versioned): unknown => Reflect.get(data, 'count');
const update = (version: number): ObjectUpdate => ({
  version,
  source: 'hyperty://d/r',
  attribute: 'count',
  value: version,
});

function observing(read: () => Promise<Versioned>) {
  const versions: number[] = [];
  const events: string[] = [];
  const reads = vi.fn(read);
  const observer = new ObjectObserver<Versioned>({
    isValid: (candidate): candidate is Versioned => candidate.version > 0,
    read: reads,
    patience: 500,
    onChange: (before, { value }, { version }) => events.push(`${version}: ${countOf(before)} → ${value}`),
    onRepaired: (from, to) => events.push(`repaired ${from} → ${to}`),
    onUnreadable: (error) => events.push(String(error)),
    onUpdated: ({ version }) => versions.push(version),
  });
  return { observer, versions, events, reads };
}

test('updates that swap places are put in order without reading anything', async () => {
  const { observer, versions, events, reads } = observing(async () => object(9));
  observer.load(object(1));
  observer.update(update(3));
  observer.update(update(2));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(versions).toEqual([1, 3]);
  expect(events).toEqual(['2: 1 → 2', '3: 2 → 3']);
  expect(reads).not.toHaveBeenCalled();
});

test('updates before the object wait for it, without reading', async () => {
  const { observer, versions, reads } = observing(async () => object(9));
  observer.update(update(2));
  await vi.advanceTimersByTimeAsync(60_000);
  observer.load(object(1));
  expect(versions).toEqual([2]);
  expect(reads).not.toHaveBeenCalled();
});

test('a missing update has the object read again after half a second', async () => {
  const { observer, versions, events, reads } = observing(async () => object(4));
  observer.load(object(1));
  observer.update(update(3));
  await vi.advanceTimersByTimeAsync(499);
  expect(reads).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(reads).toHaveBeenCalledTimes(1);
  expect(versions).toEqual([1, 4]);
  expect(events).toEqual(['repaired 1 → 4']);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(reads).toHaveBeenCalledTimes(1);
});

test('failed and stale readings are repeated, ever more slowly, until one closes the gap', async () => {
  const answers = [Promise.reject(new Error('timeout')), Promise.resolve(object(1)), Promise.resolve(object(3))];
  answers[0]?.catch(() => {});
  const { observer, versions, events, reads } = observing(() => answers.shift() ?? Promise.resolve(object(3)));
  observer.load(object(1));
  observer.update(update(3));
  await vi.advanceTimersByTimeAsync(500);
  expect(reads).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(reads).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(reads).toHaveBeenCalledTimes(3);
  expect(versions).toEqual([1, 3]);
  expect(events).toEqual(['Error: timeout', 'repaired 1 → 3']);

  observer.update(update(5));
  await vi.advanceTimersByTimeAsync(500);
  expect(reads).toHaveBeenCalledTimes(4);
});

test('each missing update has its own half second: late ones, one after another, need no reading', async () => {
  const { observer, versions, reads } = observing(async () => object(99));
  observer.load(object(0));
  for (let version = 1; version < 30; version += 1) {
    observer.update(update(version + 1));
    await vi.advanceTimersByTimeAsync(400);
    observer.update(update(version));
  }
  expect(reads).not.toHaveBeenCalled();
  expect(versions.at(-1)).toBe(30);
});

test('a reading under way is not doubled, and not waited for by the updates that overtake it', async () => {
  let answer = (_: Versioned) => {};
  const { observer, events, reads } = observing(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  observer.load(object(1));
  observer.update(update(3));
  await vi.advanceTimersByTimeAsync(500);
  observer.update(update(4));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(reads).toHaveBeenCalledTimes(1);
  observer.update(update(2));
  answer(object(3));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(events).toEqual(['2: 1 → 2', '3: 2 → 3', '4: 3 → 4']);
  expect(reads).toHaveBeenCalledTimes(1);
});

test('a listener may close it', () => {
  const { observer, versions } = observing(async () => object(9));
  const stop = vi.spyOn(versions, 'push').mockImplementation(() => {
    observer.close();
    return 0;
  });
  observer.load(object(1));
  observer.update(update(2));
  expect(stop).toHaveBeenCalledTimes(1);
});

test('once closed it neither reads nor tells', async () => {
  const { observer, versions, reads } = observing(async () => object(3));
  observer.load(object(1));
  observer.update(update(3));
  observer.close();
  observer.update(update(2));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(versions).toEqual([1]);
  expect(reads).not.toHaveBeenCalled();
});
