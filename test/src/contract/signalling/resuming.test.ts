import { type Message, ResumedBody } from '@hyperroom/protocol';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Participant, participant, requestsOf } from './joins.ts';
import {
  aRegistration,
  at,
  type MediaNode,
  type Peer,
  type Signalling,
  startSignalling,
  type TokenInput,
  WAIT,
} from './signalling.ts';

/* Sockets end; stays go on. */

let signalling: Signalling;
let node: MediaNode;
beforeAll(async () => {
  signalling = await startSignalling(21);
  node = await signalling.mediaNode();
});
afterAll(() => signalling.close());

const secretOf = (name: string) => `the secret of ${name}`;

const registrationOf = (name: string, resumption = secretOf(name)) => ({
  type: 'create',
  from: at.hyperty(name),
  to: at.registry,
  body: { value: aRegistration(at.hyperty(name), { resumption }) },
});

const reopeningOf = (name: string, room: string) => ({
  type: 're-open',
  from: at.hyperty(name),
  to: at.conference,
  body: { resource: at.room(room) },
});

/** Somebody in a room who can come back. */
async function resumable(name: string, room: string, changes: { claims?: TokenInput } = {}): Promise<Participant> {
  return participant(signalling, node, name, room, { ...changes, registration: { resumption: secretOf(name) } });
}

let frames = 0;

/** Registers and re-opens in one frame, as the SDK does; gives both responses. */
async function reopen(peer: Peer, name: string, room: string, resumption?: string) {
  const frame = frames++;
  const [register, reopening] = [`register-${frame}`, `re-open-${frame}`];
  peer.send({ id: register, ...registrationOf(name, resumption) }, { id: reopening, ...reopeningOf(name, room) });
  return [(await peer.responseTo(register)).body, (await peer.responseTo(reopening)).body];
}

const codesOf = (bodies: readonly (Message['body'] | undefined)[]) => bodies.map((body) => body?.code);

const connectionOf = async (name: string) => (await node.join(name)).reply.connectionId;

/** Waits for the function that a connection's end calls to have come to its own. */
async function disconnected(connectionId: string): Promise<void> {
  await vi.waitFor(async () => {
    const { journal } = await signalling.emulator.metrics();
    const ended = journal.filter((record) => record.connectionId === connectionId && record.routeKey === '$disconnect');
    expect(ended).toHaveLength(1);
  }, WAIT);
}

/** What the registry says of somebody. */
async function registered(peer: Peer, name: string): Promise<string | undefined> {
  const resource = at.hyperty(name);
  const { body } = await peer.ask({ type: 'read', from: 'reader', to: at.registry, body: { resource } });
  return (body?.value as Record<string, { status: string }> | undefined)?.[resource]?.status;
}

async function goneReportOf(name: string, changes: object = {}) {
  const { roster, participant } = await node.join(name);
  const { room: resource, incarnation, epoch, participants } = roster;
  const { admitted } = participants[participant] ?? {};
  return { report: 'gone', resource, incarnation, epoch, participant, admitted, onlyIfDisconnected: true, ...changes };
}

async function goneReport(name: string, changes: object = {}): Promise<void> {
  expect((await node.report(await goneReportOf(name, changes))).body?.code).toBe(200);
}

const statusIn = (peer: Peer, room: string, name: string) =>
  peer
    .updates(at.room(room))
    .filter(({ body }) => body?.attribute === `participants.${name}`)
    .map(({ body }) => (body?.value as { status: string } | undefined)?.status);

describe('on a new socket', () => {
  it('a stay goes on in one message up and one down, with the room as it is', async () => {
    const [ada, bob] = [await resumable('r-ada', 'back'), await resumable('r-bob', 'back')];
    bob.peer.socket.terminate();
    await vi.waitFor(() => expect(statusIn(ada.peer, 'back', 'r-bob')).toEqual(['live', 'disconnected']), WAIT);
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
      expect(statusIn(ada.peer, 'back', 'r-bob')).toEqual(['live', 'disconnected', 'live']);
      expect(node.roster(at.room('back'))).toMatchObject({ version: value.version });
    }, WAIT);
    const { participants } = (await node.join('r-bob')).roster;
    expect(node.roster(at.room('back'))?.participants['r-bob']).toEqual({
      ...participants['r-bob'],
      connectionId: expect.not.stringContaining(participants['r-bob']?.connectionId ?? ''),
    });
    await requestsOf(again, 'r-bob', 'back').update({ metadata: { hand: 'up' } });
    await ada.update({ metadata: { topic: 'heard' } });
    await vi.waitFor(() => expect(again.updates(at.room('back')).length).toBeGreaterThanOrEqual(2), WAIT);
  });
});

describe('the owner of an address', () => {
  it('has it on a new socket while the old one still looks open, and the old one’s end changes nothing', async () => {
    const [ada] = [await resumable('h-ada', 'half-open'), await resumable('h-bob', 'half-open')];
    const stalled = await connectionOf('h-bob');
    signalling.emulator.faults.stallConnection(stalled);
    const later = await signalling.client();
    expect(codesOf(await reopen(later, 'h-bob', 'half-open'))).toEqual([200, 200]);
    const { version } = await ada.read();
    signalling.emulator.faults.dropConnection(stalled);
    await disconnected(stalled);
    expect((await ada.read()).version).toBe(version);
    ada.peer.send({ id: 'ping', type: 'execute', from: at.hyperty('h-ada'), to: at.hyperty('h-bob'), body: {} });
    await vi.waitFor(() => expect(later.received.map(({ id }) => id)).toContain('ping'), WAIT);
  });

  it('is who knows its secret', async () => {
    await resumable('s-bob', 'guarded');
    const thief = await signalling.client();
    const resource = at.hyperty('s-bob');
    const { body } = await thief.ask({ type: 'read', from: 'x', to: at.registry, body: { resource } });
    const { [resource]: shown } = body?.value as Record<string, { user: string }>;
    expect(JSON.stringify(shown)).not.toContain(secretOf('s-bob'));
    const inHisName = aRegistration(resource, { user: shown?.user });
    const register = { type: 'create', from: resource, to: at.registry, body: { value: inHisName } } as const;
    for (const gone of [false, true]) {
      if (gone) signalling.emulator.faults.dropConnection(await connectionOf('s-bob'));
      await vi.waitFor(async () => expect(await registered(thief, 's-bob')).toBe(gone ? 'disconnected' : 'live'), WAIT);
      expect(codesOf(await reopen(thief, 's-bob', 'guarded', 'another secret, long enough'))).toEqual([403, 403]);
      expect((await thief.ask(register)).body?.code).toBe(403);
    }
  });

  it('is the same user, where a token says who that is', async () => {
    const user = (name: string): TokenInput => ({
      sub: `user://localhost/${name}`,
      grants: { room: '*', create: true },
    });
    await resumable('v-bob', 'vouched', { claims: user('bob') });
    for (const claims of [user('eve'), undefined]) {
      expect(codesOf(await reopen(await signalling.client(claims), 'v-bob', 'vouched'))).toEqual([403, 403]);
    }
    expect(codesOf(await reopen(await signalling.client(user('bob')), 'v-bob', 'vouched'))).toEqual([200, 200]);
  });

  it('keeps it on his latest socket, however late another’s frames arrive', async () => {
    const bob = await resumable('o-bob', 'in-order');
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
    const ada = await resumable('k-ada', 'kept');
    await resumable('k-bob', 'kept');
    const reader = await signalling.client();
    signalling.emulator.faults.dropConnection(await connectionOf('k-bob'));
    await vi.waitFor(async () => expect(await registered(reader, 'k-bob')).toBe('disconnected'), WAIT);
    await goneReport('k-bob');
    expect(await registered(reader, 'k-bob')).toBeUndefined();
    expect(codesOf(await reopen(await signalling.client(), 'k-bob', 'kept'))).toEqual([200, 404]);
    await ada.leave();
    ada.peer.socket.terminate();
  });

  it('unnoticed, is found by the first post that does not reach him', async () => {
    const [ada] = [await resumable('u-ada', 'unnoticed'), await resumable('u-bob', 'unnoticed')];
    signalling.emulator.faults.dropConnection(await connectionOf('u-bob'), { silently: true });
    expect(await registered(ada.peer, 'u-bob')).toBe('live');
    await ada.update({ metadata: { topic: 'is anybody there' } });
    await vi.waitFor(() => expect(statusIn(ada.peer, 'unnoticed', 'u-bob')).toContain('disconnected'), WAIT);
    await vi.waitFor(async () => expect(await registered(ada.peer, 'u-bob')).toBe('disconnected'), WAIT);
  });

  it('unnoticed, leaves nothing behind once a media node has missed him', async () => {
    await resumable('n-bob', 'missed');
    const reader = await signalling.client();
    signalling.emulator.faults.dropConnection(await connectionOf('n-bob'), { silently: true });
    await goneReport('n-bob', { onlyIfDisconnected: false });
    expect(await registered(reader, 'n-bob')).toBeUndefined();
  });

  it('is cleared up after by a report repeated, where the first one was lost half-way', async () => {
    const bob = await resumable('half-bob', 'half-way');
    const reader = await signalling.client();
    const report = await goneReportOf('half-bob');
    await bob.leave();
    signalling.emulator.faults.dropConnection(await connectionOf('half-bob'), { silently: true });
    expect(await registered(reader, 'half-bob')).toBe('live');
    await node.report(report);
    expect(await registered(reader, 'half-bob')).toBeUndefined();
  });

  it('and is removed by a moderator meanwhile, leaves no address behind', async () => {
    const [ada] = [await resumable('m-ada', 'moderated'), await resumable('m-bob', 'moderated')];
    signalling.emulator.faults.dropConnection(await connectionOf('m-bob'));
    await vi.waitFor(async () => expect(await registered(ada.peer, 'm-bob')).toBe('disconnected'), WAIT);
    await ada.moderate({ action: 'remove', participant: 'm-bob' });
    expect(await registered(ada.peer, 'm-bob')).toBeUndefined();
    expect(codesOf(await reopen(await signalling.client(), 'm-bob', 'moderated'))).toEqual([200, 404]);
  });

  it('takes his address along where he has no secret to come back with', async () => {
    const ada = await resumable('p-ada', 'plain');
    await participant(signalling, node, 'p-bob', 'plain');
    signalling.emulator.faults.dropConnection(await connectionOf('p-bob'));
    await vi.waitFor(async () => expect(await registered(ada.peer, 'p-bob')).toBeUndefined(), WAIT);
  });
});

describe('who was taken for gone, and is not', () => {
  it('sees himself so, and goes on', async () => {
    const [ada] = [await resumable('l-ada', 'alive'), await resumable('l-bob', 'alive')];
    const before = await connectionOf('l-bob');
    const later = await signalling.client();
    expect((await later.ask(registrationOf('l-bob'))).body?.code).toBe(200);
    signalling.emulator.faults.dropConnection(before);
    await disconnected(before);
    await ada.update({ metadata: { topic: 'who is there' } });
    await vi.waitFor(() => expect(statusIn(later, 'alive', 'l-bob')).toEqual(['disconnected']), WAIT);
    const answer = await requestsOf(later, 'l-bob', 'alive').reopen();
    expect(v.parse(ResumedBody, answer.body).value.data.participants['l-bob']?.status).toBe('live');
  });

  it('and removed, sees that, too', async () => {
    const bob = await resumable('w-bob', 'wrongly');
    await resumable('w-ada', 'wrongly');
    await goneReport('w-bob', { onlyIfDisconnected: false });
    await vi.waitFor(() => expect(statusIn(bob.peer, 'wrongly', 'w-bob')).toEqual([undefined]), WAIT);
    expect((await bob.reopen()).body?.code).toBe(404);
    expect(await registered(bob.peer, 'w-bob')).toBe('live');
  });
});
