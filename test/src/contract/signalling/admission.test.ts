import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aConnection, aJoin, joinRoom, offerSdp, participant, requestsOf } from './joins.ts';
import {
  at,
  type MediaNode,
  type Peer,
  type Signalling,
  startSignalling,
  type TokenInput,
  WAIT,
} from './signalling.ts';

/* Whom a room lets in, and whom not. */

let signalling: Signalling;
let node: MediaNode;
beforeAll(async () => {
  signalling = await startSignalling(11);
  node = await signalling.mediaNode();
});
afterAll(() => signalling.close());

const aToken = (user: string, grants: object = {}): TokenInput => ({
  sub: `user://localhost/${user}`,
  grants: { room: '*', create: true, ...grants },
});

/** A registered client that asks to join and is not answered by a media node. */
async function knocks(
  name: string,
  room: string,
  { claims, ...changes }: { claims?: TokenInput; create?: object } = {},
) {
  const peer = await signalling.client(claims);
  await peer.register(at.hyperty(name));
  const answer = await peer.ask(aJoin(name, room, { create: undefined, ...changes }));
  return { peer, body: answer.body, ...requestsOf(peer, name, room) };
}

async function joinsAgain(peer: Peer, name: string, room: string) {
  peer.send({ id: `again-${name}`, ...aJoin(name, room, { create: undefined }) });
  await node.accept(await node.join(name));
  return peer.responseTo(`again-${name}`);
}

describe('a room', () => {
  it('lets everybody read how it is run', async () => {
    const create = { capacity: 9, lastN: 3, maxBitrate: 500, metadata: { topic: 'tests' } };
    const ada = await participant(signalling, node, 'opts-ada', 'opts', { create });
    const { data } = await ada.read();
    expect(data).toMatchObject({
      options: { capacity: 9, lastN: 3, maxBitrate: 500, codec: 'VP8', departureGrace: 5 },
      metadata: { topic: 'tests' },
      participants: { 'opts-ada': { role: 'moderator' } },
    });
    expect((await node.join('opts-ada')).roster).toMatchObject({ lastN: 3, maxBitrate: 500, departureGrace: 5000 });
  });

  it('says which codec an offer lacks', async () => {
    await participant(signalling, node, 'h264-ada', 'h264', {
      create: { codec: 'H264' },
      connections: [aConnection(at.hyperty('h264-ada'), 'h264-out', 'publish', { sdp: offerSdp('H264') })],
    });
    const { body } = await knocks('h264-bob', 'h264');
    expect(body).toMatchObject({ code: 488, codec: 'H264', description: expect.any(String), desc: expect.any(String) });
  });

  it('that is locked is closed to all but moderators', async () => {
    const ada = await participant(signalling, node, 'lock-ada', 'lock');
    expect((await ada.moderate({ action: 'change', changes: { locked: true } })).body?.code).toBe(200);
    expect((await knocks('lock-bob', 'lock')).body?.code).toBe(423);
    await participant(signalling, node, 'lock-mod', 'lock', { claims: aToken('mod', { moderate: true }) });
    await vi.waitFor(() => {
      const bodies = ada.peer.updates(at.room('lock')).map(({ body }) => body);
      expect(bodies).toMatchObject([{ attribute: 'options', value: { locked: true } }, { version: 3 }]);
    }, WAIT);
  });

  it('where moderators publish takes others as listeners', async () => {
    await participant(signalling, node, 'stage-ada', 'stage', { create: { publishers: 'moderators' } });
    expect((await knocks('stage-bob', 'stage')).body?.code).toBe(403);
    const bob = at.hyperty('stage-bob2');
    await participant(signalling, node, 'stage-bob2', 'stage', { connections: [aConnection(bob, 'sb', 'receive')] });
  });
});

describe('grants', () => {
  it.each([
    [['microphone'], 'camera'],
    [['camera'], 'microphone'],
    [false, 'microphone'],
  ])('to publish %j do not cover the %s, and say so', async (publish, refused) => {
    const { body, peer } = await knocks('src', 'sources', {
      create: {},
      claims: aToken('src', { publish }),
    });
    expect(body).toMatchObject({ code: 403, description: expect.stringContaining(refused) });
    peer.socket.terminate();
  });

  it('reach the media node and the room: who may not receive, who moderates, what the token says of whom', async () => {
    const claims = { ...aToken('grant', { subscribe: false, moderate: true }), metadata: { seat: '7' } };
    const ada = await participant(signalling, node, 'granted', 'grants', { claims, metadata: { hand: 'up' } });
    expect((await node.join('granted')).roster.participants.granted?.subscribes).toBe(false);
    expect((await ada.read()).data.participants.granted).toMatchObject({
      role: 'moderator',
      metadata: { seat: '7', hand: 'up' },
    });
  });

  it('end with their token', async () => {
    const peer = await signalling.client(aToken('brief'), 2);
    await joinRoom(peer, node, 'brief', 'brief');
    const { update, moderate, send } = requestsOf(peer, 'brief', 'brief');
    const connections = [aConnection(at.hyperty('brief'), 'brief-screen', 'publish', { publication: 'screen' })];
    await vi.waitFor(async () => {
      const { body } = await moderate({ action: 'change', changes: {} });
      expect(body).toMatchObject({ code: 401, description: 'token expired' });
    }, WAIT);
    expect((await update({ connections })).body?.code).toBe(401);
    expect((await send({ topic: 'chat', data: 'hello' }, 'one')).body?.code).toBe(401);
    expect((await peer.ask(aJoin('brief', 'elsewhere'))).body?.code).toBe(401);
    expect((await peer.ask({ type: 're-open', from: 'runtime://x/y/token', to: 'mn:/session' })).body?.code).toBe(401);
    // What it has it keeps.
    expect((await update({ muted: ['camera'] })).body?.code).toBe(200);
  });
});

describe('a waiting room', () => {
  it('shows who knocks, and lets in whom a moderator admits', async () => {
    const room = at.room('lobby');
    const ada = await participant(signalling, node, 'lobby-ada', 'lobby', { create: { waitingRoom: true } });
    const bob = await knocks('lobby-bob', 'lobby');
    expect(bob.body).toEqual({ code: 202, waiting: true });
    await vi.waitFor(() => {
      expect(ada.peer.updates(room)[0]?.body).toMatchObject({
        version: 2,
        attribute: 'waiting.lobby-bob',
        value: { hypertyURL: at.hyperty('lobby-bob'), identity: { name: 'lobby-bob' } },
      });
    }, WAIT);
    expect((await bob.moderate({ action: 'admit', participant: 'lobby-bob' })).body?.code).toBe(404);
    expect((await ada.moderate({ action: 'admit', participant: 'lobby-bob' })).body?.code).toBe(200);
    await vi.waitFor(() => {
      expect(bob.peer.pushes('update')).toMatchObject([
        { to: at.hyperty('lobby-bob'), body: { resource: room, admitted: true } },
      ]);
    }, WAIT);
    expect((await joinsAgain(bob.peer, 'lobby-bob', 'lobby')).body).toMatchObject({ code: 200, value: { version: 4 } });
    await vi.waitFor(() => {
      const updates = ada.peer
        .updates(room)
        .map(({ body }) => [body?.version, body?.attribute, 'value' in (body ?? {})]);
      expect(updates).toEqual([
        [2, 'waiting.lobby-bob', true],
        [3, 'waiting.lobby-bob', false],
        [4, 'participants.lobby-bob', true],
      ]);
    }, WAIT);
  });

  it('tells whom a moderator refuses, and why', async () => {
    const ada = await participant(signalling, node, 'door-ada', 'door', { create: { waitingRoom: true } });
    const bob = await knocks('door-bob', 'door');
    await ada.moderate({ action: 'refuse', participant: 'door-bob', reason: 'full house' });
    const body = { resource: at.room('door'), reason: 'refused', description: 'full house' };
    await vi.waitFor(() => expect(bob.peer.pushes('delete')).toMatchObject([{ body }]), WAIT);
    expect((await ada.read()).data.waiting).toEqual({});
  });

  it('forgets who gives up, and whose socket ends', async () => {
    const ada = await participant(signalling, node, 'give-ada', 'give', { create: { waitingRoom: true } });
    const [bob, cyd] = [await knocks('give-bob', 'give'), await knocks('give-cyd', 'give')];
    expect(Object.keys((await ada.read()).data.waiting)).toEqual(expect.arrayContaining(['give-bob', 'give-cyd']));
    expect((await bob.leave()).body?.code).toBe(200);
    cyd.peer.socket.terminate();
    await vi.waitFor(async () => expect((await ada.read()).data.waiting).toEqual({}), WAIT);
  });

  it('ends with its room', async () => {
    const ada = await participant(signalling, node, 'last-ada', 'last', { create: { waitingRoom: true } });
    const bob = await knocks('last-bob', 'last');
    await ada.leave();
    await vi.waitFor(() => expect(bob.peer.pushes('delete')).toMatchObject([{ body: { reason: 'ended' } }]), WAIT);
  });
});

describe('the same user a second time', () => {
  it('replaces the first, which is told, in one change that all see without a gap', async () => {
    const room = at.room('twice');
    const bob = await participant(signalling, node, 'twice-bob', 'twice');
    const first = await participant(signalling, node, 'twice-1', 'twice', { claims: aToken('twice') });
    await participant(signalling, node, 'twice-2', 'twice', { claims: aToken('twice') });
    await vi.waitFor(() => {
      expect(first.peer.pushes('delete')).toMatchObject([{ body: { resource: room, reason: 'replaced' } }]);
      const updates = bob.peer.updates(room).map(({ body }) => [body?.version, body?.attribute]);
      expect(updates).toEqual([
        [2, 'participants.twice-1'],
        [3, 'participants.twice-1'],
        [4, 'participants.twice-2'],
      ]);
    }, WAIT);
    expect((await first.update({ muted: [] })).body?.code).toBe(404);
    expect(Object.keys((await node.join('twice-2')).roster.participants).sort()).toEqual(['twice-2', 'twice-bob']);
  });

  it('is refused where the room says so', async () => {
    const create = { identities: 'reject' };
    await participant(signalling, node, 'once-1', 'once', { create, claims: aToken('once') });
    expect((await knocks('once-2', 'once', { claims: aToken('once') })).body?.code).toBe(409);
    await participant(signalling, node, 'once-3', 'once', { claims: aToken('another') });
  });
});
