import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Moderation } from './moderation.ts';
import { ADDRESSES, ROOM, respond } from './testing/fake-room.ts';
import { joinRoom, stubBrowser } from './testing/join.ts';

beforeEach(() => {
  vi.useFakeTimers();
  stubBrowser();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each<[object, (moderation: Moderation) => Promise<void>]>([
  [{ action: 'remove', participant: 'bob', reason: 'noise' }, (it) => it.remove('bob', { reason: 'noise' })],
  [{ action: 'block', participant: 'bob', sources: ['camera', 'screen'] }, (it) => it.block('bob', 'camera', 'screen')],
  [{ action: 'unblock', participant: 'bob', sources: ['camera'] }, (it) => it.unblock('bob', 'camera')],
  [{ action: 'admit', participant: 'bob' }, (it) => it.admit('bob')],
  [{ action: 'refuse', participant: 'bob', reason: 'full' }, (it) => it.refuse('bob', { reason: 'full' })],
  [{ action: 'appoint', participant: 'bob', role: 'moderator' }, (it) => it.appoint('bob', 'moderator')],
  [{ action: 'describe', participant: 'bob', metadata: { hand: null } }, (it) => it.describe('bob', { hand: null })],
  [{ action: 'change', changes: { locked: true } }, (it) => it.change({ locked: true })],
  [{ action: 'end' }, (it) => it.end()],
])('%o', async (moderation, act) => {
  const { room, socket } = await joinRoom();
  const done = act(room.moderation);
  const request = socket.sent('execute', ADDRESSES.conference);
  expect(request.body).toEqual({ resource: ROOM, moderation });
  socket.deliver(respond(request));
  await expect(done).resolves.toBeUndefined();
});

test('of the end is done when oneself is dismissed', async () => {
  const { room, socket } = await joinRoom();
  const done = room.moderation.end();
  const { from, to } = socket.sent('execute');
  const body = { resource: ROOM, reason: 'ended' };
  socket.deliver({ id: 1, type: 'delete', from: to, to: from, body });
  await expect(done).resolves.toBeUndefined();
});

test('of the end fails if oneself is removed meanwhile', async () => {
  const { room, socket } = await joinRoom();
  const done = room.moderation.end();
  const { from, to } = socket.sent('execute');
  socket.deliver({ id: 1, type: 'delete', from: to, to: from, body: { resource: ROOM, reason: 'removed' } });
  await expect(done).rejects.toMatchObject({ code: 'connection-lost' });
});

test('of who is no moderator is refused', async () => {
  const { room, socket } = await joinRoom();
  const done = room.moderation.end();
  socket.deliver(respond(socket.sent('execute'), { code: 403, description: 'not a moderator' }));
  await expect(done).rejects.toMatchObject({ code: 'forbidden', status: 403 });
});
