import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { KeyFrameRequester } from './key-frame-requester.ts';

const send = vi.fn();
let requester: KeyFrameRequester;

beforeEach(() => {
  vi.useFakeTimers();
  send.mockClear();
  requester = new KeyFrameRequester(send);
});

afterEach(() => {
  requester.close();
  vi.useRealTimers();
});

it('sends the first request at once and the last of a burst 300 ms later', () => {
  for (let count = 0; count < 5; count += 1) requester.request();
  expect(send).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(299);
  expect(send).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(send).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1000);
  expect(send).toHaveBeenCalledTimes(2);
});

it('sends nothing after it is closed', () => {
  requester.request();
  requester.request();
  requester.close();
  vi.advanceTimersByTime(1000);
  expect(send).toHaveBeenCalledTimes(1);
});
