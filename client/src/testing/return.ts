import type { Message, Room as RoomObject } from '@hyperroom/protocol';
import { ADDRESSES, respond } from './fake-room.ts';
import { FakeSocket } from './fake-socket.ts';
import { settle } from './join.ts';

/** The messages of a socket's first frame. */
export const firstFrame = (socket: FakeSocket): Message[] => [JSON.parse(socket.frames[0] ?? '[]')].flat();

/** Opens the socket that was made last, and has what is said by it be said. */
export async function openLast(): Promise<FakeSocket> {
  const socket = FakeSocket.last;
  socket.open();
  await settle();
  return socket;
}

/** Answers the registration by a further socket, and the `re-open` along with it. */
export async function answerReturn(
  socket: FakeSocket,
  reopened: Record<string, unknown>,
  registered: Record<string, unknown> = { code: 200 },
): Promise<void> {
  const answers = [
    respond(socket.sent('create', ADDRESSES.registry), registered),
    respond(socket.sent('re-open', ADDRESSES.conference), reopened),
  ];
  socket.deliver(answers);
  await settle();
}

/** The answer to who goes on with a stay. */
export const resumed = (value: RoomObject, messages: readonly object[] = []) => ({ code: 200, value, messages });
export const NOT_HERE = { code: 404, desc: 'not in this room' };

/** Goes on with a stay by the socket that was made last. */
export async function goOn(value: RoomObject, messages: readonly object[] = []): Promise<FakeSocket> {
  const socket = await openLast();
  await answerReturn(socket, resumed(value, messages));
  return socket;
}
