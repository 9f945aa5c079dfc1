import { HEARTBEAT_INTERVAL, HEARTBEAT_LATE, RESTART_GRACE } from '@hyperroom/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aJoin, type Participant, participant } from '../signalling/joins.ts';
import { at, type MediaNode, type Signalling, startSignalling, WAIT } from '../signalling/signalling.ts';

/* Media nodes come and go; which are there is the business of the whole domain, so each test has one of its own. */

let signalling: Signalling;
beforeEach(async () => {
  signalling = await startSignalling(31);
});
afterEach(() => signalling.close());

// Some wait for a node's time to be over.
vi.setConfig({ testTimeout: 60_000 });

/** As long as a slow machine needs for what is due now. */
const SLACK = 1_500;
const LONG = { timeout: 20_000, interval: 20 };

/** One participant in each of so many rooms, called `room-1` and so on. */
function roomsOn(node: MediaNode, count: number): Promise<Participant[]> {
  const names = Array.from({ length: count }, (_, n) => n + 1);
  return Promise.all(names.map((n) => participant(signalling, node, `ada-${n}`, `room-${n}`)));
}

async function lifeOf({ read }: Participant): Promise<[epoch: number, media: string]> {
  const { data } = await read();
  return [data.epoch, data.media];
}

/** What a participant has been told of its room as such. */
function toldOf({ peer }: Participant, room: string): [attribute: unknown, value: unknown][] {
  return peer.updates(at.room(room)).map(({ body }) => [body?.attribute, body?.value]);
}

function inventory(rooms: readonly object[], { slice = 0, slices = 1 } = {}) {
  return { report: 'inventory', slice, slices, rooms };
}

describe('a media node whose socket has closed', () => {
  it('loses its rooms to another once it could have been back', async () => {
    const first = await signalling.mediaNode('media-1');
    const [one, two] = await roomsOn(first, 2);
    const second = await signalling.mediaNode('media-2');
    const closed = Date.now();
    first.peer.socket.terminate();
    const moved = () => [1, 2].map((n) => second.syncs(at.room(`room-${n}`)).map(({ epoch }) => epoch));
    await vi.waitFor(() => expect(moved()).toEqual([[2], [2]]), LONG);
    const taken = Date.now() - closed;
    expect(taken).toBeGreaterThan(RESTART_GRACE);
    expect(taken).toBeLessThan(RESTART_GRACE + HEARTBEAT_INTERVAL + SLACK);
    expect(second.syncs(at.room('room-1'))[0]?.participants).toHaveProperty('ada-1');
    if (!one || !two) throw new Error('not joined');
    expect([await lifeOf(one), await lifeOf(two)]).toEqual([
      [2, 'ready'],
      [2, 'ready'],
    ]);
    await vi.waitFor(() => expect(toldOf(one, 'room-1')).toEqual([['epoch', 2]]), WAIT);
  });

  it('keeps them if it comes back in time', async () => {
    const first = await signalling.mediaNode('media-1');
    const [one] = await roomsOn(first, 1);
    const second = await signalling.mediaNode('media-2');
    first.peer.socket.terminate();
    const back = await signalling.mediaNode('media-1');
    const beats = Math.ceil((RESTART_GRACE + SLACK) / HEARTBEAT_INTERVAL) + 1;
    const answered = () => second.peer.received.filter(({ type, to }) => type === 'response' && to === second.url);
    const before = answered().length;
    await vi.waitFor(() => expect(answered().length).toBeGreaterThan(before + beats), LONG);
    if (!one) throw new Error('not joined');
    expect(await lifeOf(one)).toEqual([1, 'ready']);
    await participant(signalling, back, 'bob', 'room-1');
    expect(back.roster(at.room('room-1'))).toMatchObject({ epoch: 1, participants: { 'ada-1': {}, bob: {} } });
  });

  it('has its rooms moved once, however many find out', async () => {
    const first = await signalling.mediaNode('media-1');
    const everybody = await roomsOn(first, 6);
    const others = await Promise.all(['media-2', 'media-3'].map((id) => signalling.mediaNode(id)));
    for (const other of others) other.hush();
    first.peer.socket.terminate();
    const epochs = () => everybody.map((_, n) => others.flatMap((other) => other.syncs(at.room(`room-${n + 1}`))));
    await vi.waitFor(async () => {
      await Promise.all([...others, ...others].map((other) => other.beat()));
      expect(epochs().every(({ length }) => length > 0)).toBe(true);
    }, LONG);
    await Promise.all([...others, ...others].map((other) => other.beat()));
    expect(await Promise.all(everybody.map(lifeOf))).toEqual(everybody.map(() => [2, 'ready']));
    expect(epochs().map((rosters) => rosters.map(({ epoch }) => epoch))).toEqual(everybody.map(() => [2]));
  });

  it('lets the rooms wait only if nobody else comes, and whoever comes takes them', async () => {
    const only = await signalling.mediaNode('media-1');
    const [one] = await roomsOn(only, 1);
    if (!one) throw new Error('not joined');
    only.peer.socket.terminate();
    const bob = await signalling.client();
    await bob.register(at.hyperty('bob'));
    const refusal = { code: 503, retryAfter: expect.any(Number) };
    expect((await bob.ask(aJoin('bob', 'room-1'))).body).toMatchObject(refusal);
    expect(await lifeOf(one)).toEqual([1, 'ready']);
    await vi.waitFor(async () => {
      expect((await bob.ask(aJoin('bob', 'room-1'))).body).toMatchObject(refusal);
      expect(await lifeOf(one)).toEqual([1, 'waiting']);
    }, LONG);
    expect((await one.update({ subscriptions: { revision: 1, auto: true, choices: [] } })).body).toMatchObject(refusal);
    const late = await signalling.mediaNode('media-2');
    await vi.waitFor(() => expect(late.syncs(at.room('room-1'))).toMatchObject([{ epoch: 2 }]), WAIT);
    expect(await lifeOf(one)).toEqual([2, 'ready']);
    const changes = () => toldOf(one, 'room-1').filter(([attribute]) => !String(attribute).startsWith('participants'));
    await vi.waitFor(
      () =>
        expect(changes()).toEqual([
          ['media', 'waiting'],
          ['epoch', 2],
          ['media', 'ready'],
        ]),
      WAIT,
    );
    bob.send({ id: 'at-last', ...aJoin('bob', 'room-1') });
    await late.accept(await late.join('bob'));
    expect((await bob.responseTo('at-last')).body?.code).toBe(200);
  });

  it('is done without by whoever needs it first', async () => {
    const first = await signalling.mediaNode('media-1');
    await roomsOn(first, 1);
    const second = await signalling.mediaNode('media-2');
    second.hush();
    first.peer.socket.terminate();
    const bob = await signalling.client();
    await bob.register(at.hyperty('bob'));
    await vi.waitFor(async () => {
      bob.send({ id: 'bob', ...aJoin('bob', 'room-1') });
      expect(second.joinedBy()).toContain('bob');
    }, LONG);
    expect(await second.join('bob')).toMatchObject({ roster: { epoch: 2 }, room: { data: { epoch: 2 } } });
  });
});

describe('a media node', () => {
  it('that falls silent is lost as soon as another has been heard in time', async () => {
    const first = await signalling.mediaNode('media-1');
    const [one] = await roomsOn(first, 1);
    const second = await signalling.mediaNode('media-2');
    const silent = Date.now();
    first.hush();
    await vi.waitFor(() => expect(second.syncs(at.room('room-1'))).toMatchObject([{ epoch: 2 }]), LONG);
    expect(Date.now() - silent).toBeLessThan(HEARTBEAT_LATE + HEARTBEAT_INTERVAL + SLACK);
    if (!one) throw new Error('not joined');
    expect(await lifeOf(one)).toEqual([2, 'ready']);
  });

  it('that says farewell is lost at once', async () => {
    const first = await signalling.mediaNode('media-1');
    const [one] = await roomsOn(first, 1);
    const second = await signalling.mediaNode('media-2');
    const farewell = { type: 'delete', from: first.url, to: at.registry, body: { resource: first.url } };
    expect((await first.peer.ask(farewell)).body?.code).toBe(200);
    await second.beat();
    await vi.waitFor(() => expect(second.syncs(at.room('room-1'))).toMatchObject([{ epoch: 2 }]), WAIT);
    if (!one) throw new Error('not joined');
    expect(await lifeOf(one)).toEqual([2, 'ready']);
  });

  it('that has lost a room gets it anew, or another node does, or it has to wait', async () => {
    const node = await signalling.mediaNode('media-1');
    const [one] = await roomsOn(node, 1);
    if (!one) throw new Error('not joined');
    const room = at.room('room-1');
    const { incarnation } = (await node.join('ada-1')).roster;
    const lost = (epoch: number) => ({ report: 'lost', resource: room, incarnation, epoch });
    await node.report(lost(1));
    await vi.waitFor(() => expect(node.syncs(room).map(({ epoch }) => epoch)).toContain(2), WAIT);
    expect(await lifeOf(one)).toEqual([2, 'ready']);
    await node.report(lost(1));
    expect(await lifeOf(one)).toEqual([2, 'ready']);
    await node.beat({ capacity: 0 });
    await node.report(lost(2));
    expect(await lifeOf(one)).toEqual([2, 'waiting']);
    const over = { epoch: 2, version: Number.MAX_SAFE_INTEGER, participants: {} };
    await vi.waitFor(() => expect(node.syncs(room)).toContainEqual(expect.objectContaining(over)), WAIT);
    await node.beat({ capacity: 100 });
    await node.report(inventory([]));
    expect(await lifeOf(one)).toEqual([3, 'ready']);
    await node.beat({ capacity: 0 });
    const other = await signalling.mediaNode('media-2');
    await node.report(lost(3));
    await vi.waitFor(() => expect(other.syncs(room)).toMatchObject([{ epoch: 4 }]), WAIT);
  });
});

describe('an inventory', () => {
  async function held(node: MediaNode, name: string) {
    const { room: resource, incarnation, epoch, version } = (await node.join(name)).roster;
    return { resource, incarnation, epoch, version };
  }

  it('that is right brings nothing about', async () => {
    const node = await signalling.mediaNode();
    await roomsOn(node, 2);
    await node.report(inventory([await held(node, 'ada-1'), await held(node, 'ada-2')]));
    expect(node.commands().filter(({ command }) => command === 'sync')).toEqual([]);
  });

  it('mends what was not heard, what was half made and what was kept too long', async () => {
    const node = await signalling.mediaNode();
    await roomsOn(node, 3);
    const [stale, right] = [await held(node, 'ada-1'), await held(node, 'ada-2')];
    await participant(signalling, node, 'bob', 'room-1');
    const earlier = { ...right, epoch: 0 };
    const unknown = { ...right, resource: at.room('never-was') };
    const other = { ...right, incarnation: 'an earlier one' };
    await node.report(inventory([stale, right, earlier, unknown, other]));
    const told = () => node.commands().flatMap(({ command, roster }) => (command === 'sync' ? [roster] : []));
    await vi.waitFor(() => expect(told()).toHaveLength(5), WAIT);
    const of = (life: object) =>
      told().find((roster) => Object.entries(life).every(([key, value]) => Reflect.get(roster, key) === value));
    expect(Object.keys(of({ room: at.room('room-1') })?.participants ?? {})).toEqual(['ada-1', 'bob']);
    expect(Object.keys(of({ room: at.room('room-3') })?.participants ?? {})).toEqual(['ada-3']);
    for (const life of [{ epoch: 0 }, { room: at.room('never-was') }, { incarnation: 'an earlier one' }]) {
      expect(of(life)).toMatchObject({ participants: {}, version: Number.MAX_SAFE_INTEGER });
    }
  });
});
