import { vi } from 'vitest';
import { Hyperroom } from '../hyperroom.ts';
import type { RegisteredHyperty } from '../registered-hyperty.ts';
import { ADDRESSES, respond } from './fake-room.ts';
import { FakeSocket } from './fake-socket.ts';

export const SELF = ADDRESSES.hyperty('self');

/** A hyperty, and the server's end of its socket (fake timers are in use). */
export async function connected(): Promise<{ hyperty: RegisteredHyperty; socket: FakeSocket }> {
  const hyperroom = new Hyperroom({ url: 'ws://example.org/dev', WebSocket: FakeSocket.asWebSocket });
  const connecting = hyperroom.connect({ url: SELF });
  const socket = FakeSocket.last;
  socket.open();
  await vi.advanceTimersByTimeAsync(0);
  socket.deliver(respond(socket.sent('create', ADDRESSES.registry)));
  return { hyperty: (await connecting) as RegisteredHyperty, socket };
}
