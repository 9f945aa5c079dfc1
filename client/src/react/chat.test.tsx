// @vitest-environment happy-dom

import { childrenOf } from '@hyperroom/protocol';
import { expect, test, vi } from 'vitest';
import type { Room } from '../index.ts';
import { dataPush, ROOM, respond } from '../testing/fake-room.ts';
import { fakeBrowser, settle } from '../testing/join.ts';
import { type Chat, RoomProvider, useChat } from './index.ts';
import { callOf } from './testing/call-of.ts';
import { doing, mount, stubReact } from './testing/mount.tsx';

fakeBrowser();
stubReact();

let chat: Chat;

function Panel() {
  chat = useChat();
  return null;
}

const inRoom = (room: Room) => (
  <RoomProvider room={room}>
    <Panel />
    <Panel />
  </RoomProvider>
);
const texts = () => chat.messages.map(({ text }) => text);
const written = (id: string, data: unknown, minute: number) =>
  dataPush({ id, data, sent: `2026-01-01T00:0${minute}:00Z` }, 'bob');

test('it has what others write, and counts what has not been read', async () => {
  const { room, socket } = await callOf(['bob']);
  await mount(inRoom(room));
  await doing(() => socket.deliver(written('1', 'hello', 1)));
  await doing(() => socket.deliver([written('2', 'anybody?', 2), written('2', 'anybody?', 2)]));
  expect(chat.messages[0]).toMatchObject({ text: 'hello', name: 'bob', from: room.participants.get('bob') });
  expect([texts(), chat.unread]).toEqual([['hello', 'anybody?'], 2]);
  const before = chat.messages;
  await doing(() => chat.markRead());
  expect(chat.unread).toBe(0);
  expect(chat.messages).toBe(before);
});

test('it has what one writes oneself, which needs no reading; what is refused rejects', async () => {
  const { room, socket } = await callOf(['bob']);
  await mount(inRoom(room));
  const { send } = chat;
  await doing(async () => {
    const sent = send('hello', { to: ['bob'] });
    await settle();
    const request = socket.sent('create', childrenOf(ROOM));
    expect(request.body).toMatchObject({ value: { topic: 'chat', data: 'hello', to: ['bob'] } });
    const sender = { id: room.localParticipant.id, hypertyURL: room.localParticipant.hypertyUrl, name: 'Ada' };
    const value = { id: '1', topic: 'chat', data: 'hello', sender, to: ['bob'], sent: '2026-01-01T00:00:00Z' };
    socket.deliver(respond(request, { code: 200, value }));
    expect(await sent).toMatchObject({ text: 'hello' });
  });
  expect(chat).toMatchObject({ messages: [{ text: 'hello', from: room.localParticipant, to: ['bob'] }], unread: 0 });
  expect(chat.send).toBe(send);
  const refused = expect(send('and again')).rejects.toMatchObject({ code: 'too-fast' });
  await settle();
  socket.deliver(respond(socket.sent('create', childrenOf(ROOM)), { code: 429, description: 'too fast' }));
  await refused;
  expect(texts()).toEqual(['hello']);
});

/** Answers the room's history: each as its id, its text and its minute. */
async function recall(socket: Awaited<ReturnType<typeof callOf>>['socket'], kept: [string, unknown, number][]) {
  await doing(async () => {
    const value = kept.map(([id, data, minute]) => written(id, data, minute).body.value);
    socket.deliver(respond(socket.sent('read', childrenOf(ROOM)), { code: 200, value }));
    await settle();
  });
}

test('what the room has kept comes first, once, and is not unread', async () => {
  const { room, socket } = await callOf(['bob'], { options: { history: 10 } });
  await mount(inRoom(room));
  await doing(() => socket.deliver(written('3', 'third', 3)));
  await recall(socket, [
    ['1', 'first', 1],
    ['2', { not: 'a text' }, 2],
    ['3', 'third', 3],
  ]);
  expect([texts(), chat.unread]).toEqual([['first', 'third'], 1]);
});

test('a room that keeps nothing is not asked for it; one that does not answer has a chat all the same', async () => {
  const { room, socket } = await callOf(['bob']);
  const asked = vi.spyOn(room, 'history');
  await mount(inRoom(room));
  expect(asked).not.toHaveBeenCalled();
  const other = await callOf(['bob'], { options: { history: 10 } });
  await mount(inRoom(other.room));
  await doing(() => vi.advanceTimersByTimeAsync(20_000));
  await doing(() => other.socket.deliver(written('1', 'hello', 1)));
  expect(texts()).toEqual(['hello']);
  expect(socket.messages.some(({ type }) => type === 'read')).toBe(false);
});

test('it is the same when it is shown again', async () => {
  const { room, socket } = await callOf(['bob']);
  const first = await mount(inRoom(room));
  await doing(() => socket.deliver(written('1', 'hello', 1)));
  await first.unmount();
  await mount(inRoom(room));
  await doing(() => socket.deliver(written('2', 'still there?', 2)));
  expect([texts(), chat.unread]).toEqual([['hello', 'still there?'], 2]);
});
