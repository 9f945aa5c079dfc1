// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeServer } from '../../../src/fake/index.ts';
import { doing, stubReact } from '../../../src/react/testing/mount.tsx';
import { byTestId, mountInCall } from '../testing/in-call.tsx';
import { Banners } from './banners.tsx';

let server: FakeServer;

stubReact();
beforeEach(() => {
  server = new FakeServer();
});
afterEach(async () => {
  vi.useRealTimers();
  await doing(() => server.close());
});

const join = () => server.client().join('standup', { name: 'Ada', create: true });

it('say that the connection is lost once that lasts, until it is back', async () => {
  await mountInCall(await join(), <Banners />);
  vi.useFakeTimers();
  await doing(() => server.goOffline());
  await doing(() => vi.advanceTimersByTimeAsync(600));
  expect(byTestId('banner')).toBeNull();
  await doing(() => vi.advanceTimersByTimeAsync(200));
  expect(byTestId('banner')?.dataset.kind).toBe('reconnecting');
  server.goOnline();
  await doing(() => vi.advanceTimersByTimeAsync(10_000));
  expect(byTestId('banner')).toBeNull();
});

it('ask for the click without which the browser plays nothing', async () => {
  const room = await join();
  await mountInCall(room, <Banners />);
  server.blockPlayback();
  const ben = await server.join('standup', { name: 'Ben' });
  const video = document.createElement('video');
  await doing(async () => {
    room.participants.get(ben.id)?.publications.get('main')?.attach(video);
    await server.settled();
  });
  expect(byTestId('banner')?.dataset.kind).toBe('playback');
  await doing(() => byTestId('start-playback')?.click());
  expect(byTestId('banner')).toBeNull();
  expect(video.paused).toBe(false);
});
