import { changesOf, subscriptionOf } from '@hyperroom/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SELF } from '../testing/connected.ts';
import { ADDRESSES, respond } from '../testing/fake-room.ts';
import { BOB, O, observing, settle, snapshot, syncing, update } from '../testing/syncing.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('an observer', () => {
  test('has the changes routed before it asks for the object, in one frame', async () => {
    const { routing, subscribe, observer } = await observing();
    expect(routing).toMatchObject({
      type: 'subscribe',
      to: ADDRESSES.subscriptions,
      body: { resources: [changesOf(O), `${O}/children/`], source: SELF },
    });
    expect(subscribe).toMatchObject({
      type: 'subscribe',
      from: SELF,
      to: subscriptionOf(O),
      body: { subscriber: SELF, source: SELF, mutual: false },
    });
    expect(observer.object).toEqual({ ...snapshot(0), url: O, reporter: BOB, schema: 's' });
  });

  test('does not lose what overtakes the snapshot', async () => {
    const { socket, syncher } = await syncing();
    const subscribing = syncher.subscribe(O);
    const [routing, subscribe] = JSON.parse(socket.frames.at(-1) ?? '');
    socket.deliver([update(2), respond(routing), update(1)]);
    socket.deliver(respond(subscribe, { code: 200, owner: BOB, value: snapshot(0) }));
    expect((await subscribing).data).toEqual({ n: 2 });
  });

  test('tells of each version, and once of those that came together', async () => {
    const { socket, observer } = await observing();
    const told: unknown[] = [];
    observer.on('change', ({ oldValue, newValue }) => told.push([observer.version, oldValue, newValue]));
    observer.on('updated', ({ version }) => told.push(version));
    for (const version of [3, 2, 1, 2]) socket.deliver(update(version));
    expect(told).toEqual([[1, 0, 1], [2, 1, 2], [3, 2, 3], 3]);
  });

  test('reads what it has missed, takes nothing invalid, and says when there is nothing to read', async () => {
    const { socket, observer } = await observing();
    const told: unknown[] = [];
    observer.on('gapRepaired', (from, to) => told.push([from, to]));
    observer.on('unreadable', (error) => told.push(error));
    socket.deliver([update(1, 'no number'), update(2)]);
    await vi.advanceTimersByTimeAsync(100);
    const read = () => socket.sent('read', O);
    socket.deliver(respond(read(), { code: 200, value: snapshot(2, { n: 'no number' }) }));
    await vi.advanceTimersByTimeAsync(200);
    socket.deliver(respond(read(), { code: 404, desc: 'nobody is there' }));
    await vi.advanceTimersByTimeAsync(400);
    socket.deliver(respond(read(), { code: 200, value: snapshot(2) }));
    await settle();
    const [invalid, gone] = ['protocol-error', 'not-found'].map((code) => expect.objectContaining({ code }));
    expect(told).toEqual([invalid, gone, [0, 2]]);
    expect(observer.data).toEqual({ n: 2 });
  });

  test('that cannot be leaves nothing behind', async () => {
    const { socket, syncher } = await syncing();
    const subscribing = syncher.subscribe(O);
    const [routing, subscribe] = JSON.parse(socket.frames.at(-1) ?? '');
    socket.deliver(respond(routing));
    socket.deliver(respond(subscribe, { code: 200, value: 'nothing' }));
    const failed = expect(subscribing).rejects.toMatchObject({ code: 'protocol-error' });
    await settle();
    const farewells = JSON.parse(socket.frames.at(-1) ?? '');
    expect(farewells).toMatchObject([
      { type: 'unsubscribe', to: ADDRESSES.subscriptions, body: { resources: [changesOf(O), `${O}/children/`] } },
      { type: 'unsubscribe', to: subscriptionOf(O), body: { source: SELF } },
    ]);
    for (const farewell of farewells) socket.deliver(respond(farewell));
    await failed;
    // The way is free for another try.
    const before = socket.frames.length;
    syncher.subscribe(O).catch(() => {});
    expect(socket.frames).toHaveLength(before + 1);
  });

  test('hears of the end once, and of nothing after', async () => {
    const { socket, observer, syncher } = await observing();
    const ended = vi.fn();
    observer.on('deleted', ended);
    const end = { id: 'end', type: 'delete', from: subscriptionOf(O), to: changesOf(O) };
    socket.deliver({ ...end, from: subscriptionOf('context://example.org/other') });
    expect(ended).not.toHaveBeenCalled();
    socket.deliver([end, end, update(1)]);
    await expect(syncher.subscribe(O)).rejects.toMatchObject({ code: 'conflict' });
    socket.deliver(respond(socket.sent('unsubscribe')));
    await settle();
    expect(ended).toHaveBeenCalledTimes(1);
    expect(observer.version).toBe(0);
    syncher.subscribe(O).catch(() => {});
    expect(socket.sent('subscribe').to).toBe(subscriptionOf(O));
  });
});
