import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { stubDocument } from '../testing/fake-page.ts';
import { stubBrowser } from '../testing/join.ts';
import { KEEP_ALIVE, Vigil } from './vigil.ts';

let page: EventTarget;
beforeEach(() => {
  vi.useFakeTimers();
  page = stubBrowser();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function watching() {
  const onDoubt = vi.fn();
  const vigil = new Vigil(onDoubt);
  vigil.begin();
  return { vigil, onDoubt };
}

test('doubts now and then', async () => {
  const { onDoubt } = watching();
  await vi.advanceTimersByTimeAsync(KEEP_ALIVE - 1);
  expect(onDoubt).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(onDoubt).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(KEEP_ALIVE);
  expect(onDoubt).toHaveBeenCalledTimes(2);
});

test('doubts when the machine has slept', async () => {
  const { onDoubt } = watching();
  await vi.advanceTimersByTimeAsync(10_000);
  vi.setSystemTime(Date.now() + 30_000);
  expect(onDoubt).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(onDoubt).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(onDoubt).toHaveBeenCalledTimes(1);
});

test.each(['online', 'offline'])('doubts when the network is another: %s', (name) => {
  const { onDoubt } = watching();
  page.dispatchEvent(new Event(name));
  expect(onDoubt).toHaveBeenCalledTimes(1);
});

test('doubts when the page is shown again, not when it is hidden', () => {
  stubDocument();
  const { onDoubt } = watching();
  Object.assign(document, { visibilityState: 'hidden' });
  document.dispatchEvent(new Event('visibilitychange'));
  expect(onDoubt).not.toHaveBeenCalled();
  Object.assign(document, { visibilityState: 'visible' });
  document.dispatchEvent(new Event('visibilitychange'));
  expect(onDoubt).toHaveBeenCalledTimes(1);
});

test('is over when it is ended', async () => {
  stubDocument();
  const { vigil, onDoubt } = watching();
  vigil.begin();
  vigil.end();
  for (const name of ['online', 'offline']) page.dispatchEvent(new Event(name));
  document.dispatchEvent(new Event('visibilitychange'));
  expect(vi.getTimerCount()).toBe(0);
  expect(onDoubt).not.toHaveBeenCalled();
});
