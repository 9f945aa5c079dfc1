// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeServer } from './index.ts';

/* As an application with a page of its own would test it. */

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
});
afterEach(async () => {
  await server.close();
  document.body.replaceChildren();
});

/** Ben's picture in the page of Ada. */
async function call() {
  const room = await server.client().join('standup', { name: 'Ada', create: true });
  const { id } = await server.join('standup', { name: 'Ben' });
  const main = room.participants.get(id)?.publications.get('main');
  if (!main) throw new Error('Ben publishes nothing');
  const video = document.body.appendChild(document.createElement('video'));
  return { room, main, video };
}

test('a picture plays in the element that it is attached to', async () => {
  const { room, main, video } = await call();
  const detach = main.attach(video);
  await server.settled();
  expect([video.srcObject, video.paused, room.playback]).toEqual([main.stream, false, 'allowed']);
  detach();
  expect(video.srcObject).toBeNull();
});

test('sound waits for a click', async () => {
  const { room, main, video } = await call();
  const button = document.body.appendChild(document.createElement('button'));
  button.addEventListener('click', () => room.startPlayback());
  server.blockPlayback();
  const blocked = room.once('playbackChanged');
  main.attach(video);
  await expect(blocked).resolves.toEqual(['blocked']);
  expect(video.paused).toBe(true);
  await room.startPlayback();
  expect(room.playback).toBe('blocked');
  button.click();
  await server.settled();
  expect([room.playback, video.paused]).toEqual(['allowed', false]);
});

test('sound may be allowed without one', async () => {
  const { room, main, video } = await call();
  server.blockPlayback();
  main.attach(video);
  await server.settled();
  server.allowPlayback();
  await room.startPlayback();
  expect(room.playback).toBe('allowed');
});

test('a picture that nobody can see is known not to be seen', async () => {
  const { room, main, video } = await call();
  main.attach(video);
  await server.settled();
  expect(main.isSeen).toBe(true);
  const hidden = room.once('subscriptionChanged');
  server.setSeen(video, false);
  await expect(hidden).resolves.toMatchObject([{ name: 'main' }, { name: 'Ben' }]);
  expect(main.isSeen).toBe(false);
  server.setSeen(video, true);
  expect(main.isSeen).toBe(true);
});

test('the page is as it was when all servers are closed', async () => {
  const { play } = HTMLMediaElement.prototype;
  const other = new FakeServer();
  await server.close();
  expect(HTMLMediaElement.prototype.play).toBe(play);
  await other.close();
  expect(HTMLMediaElement.prototype.play).not.toBe(play);
});

test('no listener stays behind', async () => {
  const added = vi.spyOn(document, 'addEventListener');
  const removed = vi.spyOn(document, 'removeEventListener');
  server.blockPlayback();
  await server.close();
  expect(removed.mock.calls).toEqual(expect.arrayContaining(added.mock.calls));
});
