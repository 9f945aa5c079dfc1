import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HIDES_AFTER, watchVisibility } from './visibility.ts';

class FakeDocument extends EventTarget {
  visibilityState = 'visible';
  pictureInPictureElement: unknown = null;

  show(state: 'visible' | 'hidden'): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

class FakeIntersectionObserver {
  static made: FakeIntersectionObserver[] = [];
  readonly #callback: (entries: { isIntersecting: boolean }[]) => void;
  target: EventTarget | undefined;

  constructor(callback: (entries: { isIntersecting: boolean }[]) => void) {
    this.#callback = callback;
    FakeIntersectionObserver.made.push(this);
  }
  observe(target: EventTarget): void {
    this.target = target;
  }
  disconnect(): void {
    this.target = undefined;
  }
  report(...intersects: boolean[]): void {
    if (this.target) this.#callback(intersects.map((isIntersecting) => ({ isIntersecting })));
  }
}

let page: FakeDocument;
let element: EventTarget;
let told: boolean[];
let stop: () => void;

function watch(): FakeIntersectionObserver {
  stop = watchVisibility(element as Element, (visible) => told.push(visible));
  const observer = FakeIntersectionObserver.made.at(-1);
  if (!observer) throw new Error('nothing is observed');
  return observer;
}

beforeEach(() => {
  vi.useFakeTimers();
  page = new FakeDocument();
  element = new EventTarget();
  told = [];
  vi.stubGlobal('document', page);
  vi.stubGlobal('IntersectionObserver', FakeIntersectionObserver);
});

afterEach(() => {
  stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('visible is told at once, hidden only when it lasts', () => {
  const observer = watch();
  observer.report(true);
  expect(told).toEqual([true]);
  observer.report(false);
  vi.advanceTimersByTime(HIDES_AFTER - 1);
  expect(told).toEqual([true]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([true, false]);
  observer.report(true);
  expect(told).toEqual([true, false, true]);
});

test('to scroll past is neither to hide nor to show', () => {
  const observer = watch();
  observer.report(true);
  observer.report(false);
  vi.advanceTimersByTime(HIDES_AFTER / 2);
  observer.report(true);
  vi.advanceTimersByTime(10 * HIDES_AFTER);
  expect(told).toEqual([true]);
});

test('of several reports the last counts', () => {
  watch().report(false, true);
  expect(told).toEqual([true]);
});

test('an element that is not seen from the beginning is told as hidden', () => {
  watch().report(false);
  vi.advanceTimersByTime(HIDES_AFTER);
  expect(told).toEqual([false]);
});

test('a hidden page shows nothing', () => {
  watch().report(true);
  page.show('hidden');
  vi.advanceTimersByTime(HIDES_AFTER);
  page.show('visible');
  expect(told).toEqual([true, false, true]);
});

test('a page that is shown again does not show what is off screen', () => {
  watch().report(false);
  page.show('hidden');
  page.show('visible');
  vi.advanceTimersByTime(HIDES_AFTER);
  expect(told).toEqual([false]);
});

test('what is in the picture-in-picture window is seen from everywhere', () => {
  watch().report(true);
  page.pictureInPictureElement = element;
  element.dispatchEvent(new Event('enterpictureinpicture'));
  page.show('hidden');
  vi.advanceTimersByTime(HIDES_AFTER);
  expect(told).toEqual([true]);
  page.pictureInPictureElement = null;
  element.dispatchEvent(new Event('leavepictureinpicture'));
  vi.advanceTimersByTime(HIDES_AFTER);
  expect(told).toEqual([true, false]);
});

test('nothing is told once stopped', () => {
  const observer = watch();
  observer.report(true);
  observer.report(false);
  stop();
  observer.report(true);
  page.show('hidden');
  element.dispatchEvent(new Event('enterpictureinpicture'));
  vi.advanceTimersByTime(HIDES_AFTER);
  expect(told).toEqual([true]);
});
