import { changesOf, type Message } from '@hyperroom/protocol';
import { vi } from 'vitest';
import type { ObjectReporter } from '../syncher/reporter.ts';
import { type CreateOptions, Syncher } from '../syncher/syncher.ts';
import { connected } from './connected.ts';
import { ADDRESSES, respond } from './fake-room.ts';
import type { FakeSocket } from './fake-socket.ts';

export const O = 'context://example.org/o';
export const BOB = ADDRESSES.hyperty('bob');
export const settle = () => vi.advanceTimersByTimeAsync(0);

/** A message from `bob` that asks for an answer. */
export const asks = (type: string, to: string, body: object = {}, from = BOB) => ({
  id: `${type}-1`,
  type,
  from,
  to,
  body,
});

/** The newest response that was sent. */
export const answer = (socket: FakeSocket): Message => socket.sent('response');

export async function syncing() {
  const { hyperty, socket } = await connected();
  return { hyperty, socket, syncher: new Syncher(hyperty) };
}

export interface Reporting {
  socket: FakeSocket;
  syncher: Syncher;
  reporter: ObjectReporter<{ text: string }>;
}

export async function reporting(options: CreateOptions = {}, text = 'x'): Promise<Reporting> {
  const { socket, syncher } = await syncing();
  const creating = syncher.create('s', [], { text }, { url: O, ...options });
  const [routing, ...others] = JSON.parse(`[${socket.frames.at(-1)}]`).flat();
  socket.deliver([routing, ...others].map((request: Message) => respond(request)));
  return { socket, syncher, reporter: (await creating) as ObjectReporter<{ text: string }> };
}

export async function observing() {
  const { hyperty, socket, syncher } = await syncing();
  const subscribing = syncher.subscribe<{ n: number }>(O, { isValid: hasNumber, patience: 100 });
  const [routing, subscribe] = JSON.parse(socket.frames.at(-1) ?? '');
  socket.deliver([respond(routing), respond(subscribe, { code: 200, schema: 's', owner: BOB, value: snapshot(0) })]);
  return { hyperty, socket, syncher, routing, subscribe, observer: await subscribing };
}

export const hasNumber = (data: object): data is { n: number } => 'n' in data && typeof data.n === 'number';
export const snapshot = (version: number, data: object = { n: version }) => ({
  version,
  data,
  created: 'c',
  lastModified: 'm',
});
export const update = (version: number, value: unknown = version) => ({
  id: version,
  type: 'update',
  from: O,
  to: changesOf(O),
  body: { version, source: BOB, attribute: 'n', value },
});
