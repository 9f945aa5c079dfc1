import { changesOf, type Message, subscriptionOf } from '@hyperroom/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SELF } from '../testing/connected.ts';
import { ADDRESSES, respond } from '../testing/fake-room.ts';
import { FakeSocket } from '../testing/fake-socket.ts';
import { asks, BOB, O, observing, reporting, settle, snapshot, update } from '../testing/syncing.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Comes back by another socket; `held` is what it says of its data objects then. */
async function comeBack(socket: FakeSocket): Promise<{ next: FakeSocket; held: Message[] }> {
  socket.drop();
  const next = FakeSocket.last;
  next.open();
  await settle();
  next.deliver(respond(next.sent('create', ADDRESSES.registry)));
  await settle();
  return { next, held: next.frames.slice(1).flatMap((frame) => JSON.parse(frame)) };
}

describe('an observer, after a lost socket', () => {
  test('has the changes routed to the new one, and takes what it has missed in one step', async () => {
    const { socket, observer, routing, subscribe } = await observing();
    const told: unknown[] = [];
    observer.on('gapRepaired', (from, to) => told.push([from, to]));
    const { next, held } = await comeBack(socket);
    expect(held.map(({ id: _, ...request }) => request)).toEqual(
      [routing, subscribe].map(({ id: _, ...request }) => request),
    );
    const [routed, subscribed] = held as [Message, Message];
    next.deliver([update(8), respond(routed), respond(subscribed, { code: 200, owner: BOB, value: snapshot(7) })]);
    await settle();
    expect(observer.version).toBe(8);
    expect(told).toEqual([[0, 7]]);
  });

  test('tries again, ever more slowly, as long as the reporter is not there or its address is not given back', async () => {
    const { hyperty, socket, observer } = await observing();
    const unreadable = vi.fn();
    observer.on('unreadable', unreadable);
    const { next, held } = await comeBack(socket);
    const subscribes = () => next.messages.filter(({ to }) => to === subscriptionOf(O)).length;
    let [routed, subscribed] = held as [Message, Message];
    for (const [attempt, delay] of [500, 1_000, 2_000].entries()) {
      next.deliver([respond(routed), respond(subscribed, { code: 404, desc: 'nobody is there' })]);
      await settle();
      expect(unreadable).toHaveBeenCalledTimes(attempt + 1);
      await vi.advanceTimersByTimeAsync(delay - 1);
      expect(subscribes()).toBe(attempt + 1);
      await vi.advanceTimersByTimeAsync(1);
      expect(subscribes()).toBe(attempt + 2);
      [routed, subscribed] = JSON.parse(next.frames.at(-1) ?? '[]');
    }
    next.deliver([respond(routed), respond(subscribed, { code: 404, desc: 'nobody is there' })]);
    await settle();
    hyperty.disconnect();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is not asked for any more once it is given up', async () => {
    const { socket, observer } = await observing();
    observer.unsubscribe();
    socket.deliver(socket.messages.slice(-2).map((request) => respond(request)));
    await settle();
    expect((await comeBack(socket)).held).toEqual([]);
  });
});

describe('a reporter, after a lost socket', () => {
  test('goes on: it is routed to and listed again, and has its observers look what they have missed', async () => {
    const { socket, reporter } = await reporting({ authorise: () => true, name: 'notes' });
    socket.deliver(asks('subscribe', subscriptionOf(O)));
    await settle();
    reporter.update('text', 'one');
    socket.drop();
    reporter.update('text', 'two');
    const next = FakeSocket.last;
    next.open();
    await settle();
    next.deliver(respond(next.sent('create', ADDRESSES.registry)));
    await settle();
    const [routing, registration] = JSON.parse(next.frames[1] ?? '[]');
    expect(routing).toMatchObject({
      to: ADDRESSES.subscriptions,
      body: { resources: [O, subscriptionOf(O), `${O}/children/`] },
    });
    expect(registration).toMatchObject({ to: ADDRESSES.registry, body: { value: { url: O, name: 'notes' } } });
    next.deliver([respond(routing), respond(registration)]);
    await settle();
    expect(next.sent('create', BOB)).toMatchObject({ from: subscriptionOf(O), body: { source: SELF, resume: true } });
    next.deliver(asks('read', O));
    await settle();
    expect(next.sent('response').body).toMatchObject({ code: 200, value: { version: 2, data: { text: 'two' } } });
    reporter.update('text', 'three');
    expect(next.sent('update', changesOf(O)).body).toMatchObject({ version: 3 });
    expect(() => reporter.update('text', 'x'.repeat(40_000))).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });

  test('tries again if its address is not given back at once', async () => {
    const { socket, reporter } = await reporting();
    const { next, held } = await comeBack(socket);
    next.deliver(held.map((request) => respond(request, { code: 403, desc: 'still another’s' })));
    await settle();
    await vi.advanceTimersByTimeAsync(500);
    expect(next.messages.filter(({ to }) => to === ADDRESSES.subscriptions)).toHaveLength(2);
    next.drop();
    expect(() => reporter.update('text', 'x'.repeat(40_000))).toThrow(expect.objectContaining({ code: 'bad-request' }));
    expect(reporter.version).toBe(0);
  });
});
