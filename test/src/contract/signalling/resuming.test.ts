import { ResumedBody, registrationOf as registrationTopicOf } from '@hyperroom/protocol';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { participant, requestsOf } from './joins.ts';
import { codesOf, entryOf, heardOf, registrationOf, reopen, resumptions, statusOf } from './resumptions.ts';
import {
  aRegistration,
  at,
  type MediaNode,
  type Signalling,
  startSignalling,
  type TokenInput,
  WAIT,
} from './signalling.ts';

/* Sockets end; stays go on. */

let signalling: Signalling;
let node: MediaNode;
let back: ReturnType<typeof resumptions>;
beforeAll(async () => {
  signalling = await startSignalling(21);
  node = await signalling.mediaNode();
  back = resumptions(signalling, node);
});
afterAll(() => signalling.close());

const itemsNow = async () => (await signalling.emulator.metrics()).items;

describe('on a new socket', () => {
  it('a stay goes on in one message up and one down, with the room as it is', async () => {
    const [ada, bob] = [await back.resumable('r-ada', 'back'), await back.resumable('r-bob', 'back')];
    bob.peer.socket.terminate();
    await vi.waitFor(() => expect(heardOf(ada.peer, 'back', 'r-bob')).toEqual(['live', 'disconnected']), WAIT);
    await ada.update({ metadata: { topic: 'missed' } });
    const again = await signalling.client();
    const [registered, resumed] = await reopen(again, 'r-bob', 'back');
    expect(registered?.code).toBe(200);
    const { value, messages } = v.parse(ResumedBody, resumed);
    expect(value.data.participants).toMatchObject({
      'r-ada': { metadata: { topic: 'missed' } },
      'r-bob': { status: 'live', publications: { main: { sources: ['microphone', 'camera'] } } },
    });
    expect(messages).toEqual([]);
    expect(again.frames).toHaveLength(1);
    await vi.waitFor(() => {
      expect(heardOf(ada.peer, 'back', 'r-bob')).toEqual(['live', 'disconnected', 'live']);
      expect(node.roster(at.room('back'))).toMatchObject({ version: value.version });
    }, WAIT);
    const { participants } = (await node.join('r-bob')).roster;
    expect(node.roster(at.room('back'))?.participants['r-bob']).toEqual({
      ...participants['r-bob'],
      connectionId: expect.not.stringContaining(participants['r-bob']?.connectionId ?? ''),
    });
    const { connectionId } = node.roster(at.room('back'))?.participants['r-bob'] ?? {};
    // An invocation is in the journal when it has ended, which is after its answer.
    await vi.waitFor(async () => {
      const { journal } = await signalling.emulator.metrics();
      const [frame] = journal.filter((one) => one.connectionId === connectionId && one.routeKey === '$default');
      // The address and the room; what was said meanwhile, and whoever wants to hear of the registration.
      expect(frame).toMatchObject({ writes: 2 });
      expect(frame?.reads).toBeLessThanOrEqual(3);
    }, WAIT);
    await requestsOf(again, 'r-bob', 'back').update({ metadata: { hand: 'up' } });
    await ada.update({ metadata: { topic: 'heard' } });
    await vi.waitFor(() => expect(again.updates(at.room('back')).length).toBeGreaterThanOrEqual(2), WAIT);
  });
});

describe('a registration', () => {
  it('is live again, and whoever wants to know hears of it', async () => {
    await back.resumable('reg-bob', 'registered');
    const watcher = await signalling.client();
    const resources = [registrationTopicOf(at.hyperty('reg-bob'))];
    await watcher.ask({ type: 'subscribe', from: 'watcher', to: at.subscriptions, body: { resources } });
    const heard = () => watcher.received.filter(({ type }) => type === 'update').map(({ body }) => body?.value);
    await back.drop('reg-bob');
    await vi.waitFor(() => expect(heard()).toEqual(['disconnected']), WAIT);
    await reopen(await signalling.client(), 'reg-bob', 'registered');
    await vi.waitFor(() => expect(heard()).toEqual(['disconnected', 'live']), WAIT);
    expect(await statusOf(watcher, 'reg-bob')).toBe('live');
  });
});

describe('the owner of an address', () => {
  it('has it on a new socket while the old one still looks open, and the old one’s end changes nothing', async () => {
    const [ada] = [await back.resumable('h-ada', 'half-open'), await back.resumable('h-bob', 'half-open')];
    const stalled = await back.connectionOf('h-bob');
    signalling.emulator.faults.stallConnection(stalled);
    const later = await signalling.client();
    expect(codesOf(await reopen(later, 'h-bob', 'half-open'))).toEqual([200, 200]);
    const { version } = await ada.read();
    signalling.emulator.faults.dropConnection(stalled);
    await back.disconnected(stalled);
    expect((await ada.read()).version).toBe(version);
    ada.peer.send({ id: 'ping', type: 'execute', from: at.hyperty('h-ada'), to: at.hyperty('h-bob'), body: {} });
    await vi.waitFor(() => expect(later.received.map(({ id }) => id)).toContain('ping'), WAIT);
  });

  it('is who knows its secret', async () => {
    await back.resumable('s-bob', 'guarded');
    const thief = await signalling.client();
    const resource = at.hyperty('s-bob');
    const shown = await entryOf(thief, 's-bob');
    expect(JSON.stringify(shown)).not.toContain('the secret');
    const inHisName = aRegistration(resource, { user: shown?.user });
    const register = { type: 'create', from: resource, to: at.registry, body: { value: inHisName } } as const;
    for (const gone of [false, true]) {
      if (gone) await back.drop('s-bob');
      await vi.waitFor(async () => expect(await statusOf(thief, 's-bob')).toBe(gone ? 'disconnected' : 'live'), WAIT);
      expect(codesOf(await reopen(thief, 's-bob', 'guarded', 'another secret, long enough'))).toEqual([403, 403]);
      expect((await thief.ask(register)).body?.code).toBe(403);
    }
  });

  it('is the same user, where a token says who that is', async () => {
    const user = (name: string): TokenInput => ({
      sub: `user://localhost/${name}`,
      grants: { room: '*', create: true },
    });
    await back.resumable('v-bob', 'vouched', { claims: user('bob') });
    for (const claims of [user('eve'), undefined]) {
      expect(codesOf(await reopen(await signalling.client(claims), 'v-bob', 'vouched'))).toEqual([403, 403]);
    }
    expect(codesOf(await reopen(await signalling.client(user('bob')), 'v-bob', 'vouched'))).toEqual([200, 200]);
  });

  it('keeps it on his latest socket, however late another’s frames arrive', async () => {
    const bob = await back.resumable('o-bob', 'in-order');
    const [earlier, latest] = [await signalling.client(), await signalling.client()];
    expect(codesOf(await reopen(latest, 'o-bob', 'in-order'))).toEqual([200, 200]);
    for (const overtaken of [earlier, bob.peer]) {
      expect(codesOf(await reopen(overtaken, 'o-bob', 'in-order'))).toEqual([403, 403]);
    }
    expect((await requestsOf(latest, 'o-bob', 'in-order').update({ metadata: { hand: 'up' } })).body?.code).toBe(200);
  });
});

describe('who has gone', () => {
  it('keeps his address as long as his place, and neither any longer', async () => {
    const ada = await back.resumable('k-ada', 'kept');
    await back.resumable('k-bob', 'kept');
    const reader = await signalling.client();
    await back.drop('k-bob');
    await vi.waitFor(async () => expect(await statusOf(reader, 'k-bob')).toBe('disconnected'), WAIT);
    await back.reportGone('k-bob');
    expect(await statusOf(reader, 'k-bob')).toBeUndefined();
    expect(codesOf(await reopen(await signalling.client(), 'k-bob', 'kept'))).toEqual([200, 404]);
    await ada.leave();
    ada.peer.socket.terminate();
  });

  it('unnoticed, is found by the first post that does not reach him', async () => {
    const [ada] = [await back.resumable('u-ada', 'unnoticed'), await back.resumable('u-bob', 'unnoticed')];
    await back.drop('u-bob', { silently: true });
    expect(await statusOf(ada.peer, 'u-bob')).toBe('live');
    await ada.update({ metadata: { topic: 'is anybody there' } });
    await vi.waitFor(() => expect(heardOf(ada.peer, 'unnoticed', 'u-bob')).toContain('disconnected'), WAIT);
    await vi.waitFor(async () => expect(await statusOf(ada.peer, 'u-bob')).toBe('disconnected'), WAIT);
  });

  it('unnoticed, leaves nothing behind once a media node has missed him', async () => {
    const reader = await signalling.client();
    const items = await itemsNow();
    const bob = await back.resumable('n-bob', 'missed');
    const resources = ['comm://localhost/of-others/changes'];
    await bob.peer.ask({ type: 'subscribe', from: 'n-bob', to: at.subscriptions, body: { resources } });
    // The room, the address, the topic, and a record that the connection has subscribed to it.
    expect(await itemsNow()).toBe(items + 4);
    await back.drop('n-bob', { silently: true });
    await back.reportGone('n-bob', { onlyIfDisconnected: false });
    expect(await statusOf(reader, 'n-bob')).toBeUndefined();
    expect(await itemsNow()).toBe(items);
  });

  it('is cleared up after by a report repeated, where the first one was lost half-way', async () => {
    const bob = await back.resumable('half-bob', 'half-way');
    const reader = await signalling.client();
    const report = await back.goneReportOf('half-bob');
    await bob.leave();
    await back.drop('half-bob', { silently: true });
    expect(await statusOf(reader, 'half-bob')).toBe('live');
    await node.report(report);
    expect(await statusOf(reader, 'half-bob')).toBeUndefined();
  });

  it('and is removed by a moderator meanwhile, leaves no address behind', async () => {
    const [ada] = [await back.resumable('m-ada', 'moderated'), await back.resumable('m-bob', 'moderated')];
    await back.drop('m-bob');
    await vi.waitFor(async () => expect(await statusOf(ada.peer, 'm-bob')).toBe('disconnected'), WAIT);
    await ada.moderate({ action: 'remove', participant: 'm-bob' });
    expect(await statusOf(ada.peer, 'm-bob')).toBeUndefined();
    expect(codesOf(await reopen(await signalling.client(), 'm-bob', 'moderated'))).toEqual([200, 404]);
  });

  it('takes his address along where he has no secret to come back with', async () => {
    const ada = await back.resumable('p-ada', 'plain');
    await participant(signalling, node, 'p-bob', 'plain');
    await back.drop('p-bob');
    await vi.waitFor(async () => expect(await statusOf(ada.peer, 'p-bob')).toBeUndefined(), WAIT);
  });
});

describe('who was taken for gone, and is not', () => {
  it('sees himself so, and goes on', async () => {
    const [ada] = [await back.resumable('l-ada', 'alive'), await back.resumable('l-bob', 'alive')];
    const before = await back.connectionOf('l-bob');
    const later = await signalling.client();
    expect((await later.ask(registrationOf('l-bob'))).body?.code).toBe(200);
    signalling.emulator.faults.dropConnection(before);
    await back.disconnected(before);
    await ada.update({ metadata: { topic: 'who is there' } });
    await vi.waitFor(() => expect(heardOf(later, 'alive', 'l-bob')).toEqual(['disconnected']), WAIT);
    const answer = await requestsOf(later, 'l-bob', 'alive').reopen();
    expect(v.parse(ResumedBody, answer.body).value.data.participants['l-bob']?.status).toBe('live');
  });

  it('and removed, sees that, too', async () => {
    const bob = await back.resumable('w-bob', 'wrongly');
    await back.resumable('w-ada', 'wrongly');
    await back.reportGone('w-bob', { onlyIfDisconnected: false });
    await vi.waitFor(() => expect(heardOf(bob.peer, 'wrongly', 'w-bob')).toEqual([undefined]), WAIT);
    expect((await bob.reopen()).body?.code).toBe(404);
    expect(await statusOf(bob.peer, 'w-bob')).toBe('live');
  });
});
