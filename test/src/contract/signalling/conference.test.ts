import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aConnection, aJoin, aMediaReport, joinRoom } from './joins.ts';
import { at, type MediaNode, type Signalling, startSignalling, type TokenInput, WAIT } from './signalling.ts';

let signalling: Signalling;
let node: MediaNode;
beforeAll(async () => {
  signalling = await startSignalling(3);
  node = await signalling.mediaNode();
});
afterAll(() => signalling.close());

/** A registered client. */
async function member(name: string, claims?: TokenInput) {
  const peer = await signalling.client(claims);
  await peer.register(at.hyperty(name));
  return peer;
}

describe('joining', () => {
  it('takes one message up and one down, and two round trips to the table', async () => {
    const peer = await signalling.client();
    const answer = await joinRoom(peer, node, 'one-up', 'cheap');
    expect(answer.body).toMatchObject({
      code: 200,
      value: { url: at.room('cheap'), reporter: at.conference, version: 1, data: { status: 'open' } },
    });
    expect(peer.frames).toHaveLength(1);
    expect(peer.received.map(({ id }) => id)).toEqual(['register-one-up', 'join-one-up']);
    const { journal } = await signalling.emulator.metrics();
    const { connectionId } = (await node.join('one-up')).reply;
    const frames = journal.filter((record) => record.connectionId === connectionId && record.routeKey === '$default');
    expect(frames).toHaveLength(1);
    const { reads = 0, roundTrips = 0, writes } = frames[0] ?? {};
    expect(writes).toBe(2);
    // The list of media nodes, if this sandbox has not heard of them for a while: beside the first write if that lasts.
    expect(reads).toBeLessThanOrEqual(1);
    expect(roundTrips - reads).toBeLessThanOrEqual(2);
  });

  it('shows everybody the same room, each version once', async () => {
    const room = at.room('trio');
    const peers = [];
    for (const name of ['t1', 't2', 't3']) {
      const peer = await signalling.client();
      peers.push({ peer, answer: await joinRoom(peer, node, name, 'trio') });
    }
    const [first, second, third] = peers;
    await vi.waitFor(() => expect(first?.peer.updates(room).map(({ body }) => body?.version)).toEqual([2, 3]), WAIT);
    await vi.waitFor(() => expect(second?.peer.updates(room).map(({ body }) => body?.version)).toEqual([3]), WAIT);
    expect(third?.answer.body?.value).toMatchObject({
      version: 3,
      data: {
        participants: {
          t1: { status: 'live' },
          t2: { identity: { name: 't2' } },
          t3: { publications: { main: { sources: ['microphone', 'camera'], media: 'connecting' } } },
        },
      },
    });
    expect(first?.peer.updates(room)[0]).toMatchObject({
      from: room,
      body: { attribute: 'participants.t2', value: { hypertyURL: at.hyperty('t2') } },
    });
    expect(JSON.stringify(third?.answer)).not.toContain('connectionId');
  });

  it.each([
    ['no such room', { create: undefined }, 404],
    ['a room name of 10 kB', { resource: at.room('x'.repeat(10_240)) }, 400],
    ['a room name with a slash', { resource: at.room('a/b') }, 400],
    ['a room of another domain', { resource: 'comm://elsewhere/r' }, 404],
    ['no name', { identity: { name: ' ' } }, 400],
    ['a capacity of nothing', { create: { capacity: 0 } }, 400],
    ['garbage SDP', { connections: [aConnection(at.hyperty('refused'), 'c', 'publish', { sdp: 'v=0 garbage' })] }, 400],
    [
      'two publications',
      { connections: ['a', 'b'].map((id) => aConnection(at.hyperty('refused'), id, 'publish')) },
      400,
    ],
    ['one URL twice', { connections: ['a', 'a'].map((id) => aConnection(at.hyperty('refused'), id, 'receive')) }, 400],
  ])('refuses %s and creates nothing', async (_, changes, code) => {
    const peer = await member('refused');
    const { items } = await signalling.emulator.metrics();
    const answer = await peer.ask(aJoin('refused', 'never', changes));
    expect(answer.body).toMatchObject({ code, description: expect.any(String), desc: expect.any(String) });
    expect((await signalling.emulator.metrics()).items).toBe(items);
    expect(node.roster(at.room('never'))).toBeUndefined();
    peer.socket.terminate();
    await vi.waitFor(async () => expect((await signalling.emulator.metrics()).items).toBe(items - 1), WAIT);
  });

  it('refuses who has not registered, and who speaks as another', async () => {
    const stranger = await signalling.client();
    expect((await stranger.ask(aJoin('stranger', 'closed'))).body?.code).toBe(403);
    await member('victim');
    expect((await stranger.ask(aJoin('victim', 'closed'))).body?.code).toBe(403);
  });

  it('refuses a second join, one too many, and repeats the answer to a repeated one', async () => {
    const peer = await member('again');
    const join = aJoin('again', 'small', { create: { capacity: 1 } });
    peer.send({ id: 'first', ...join });
    await node.join('again');
    expect((await peer.ask(join, 'second')).body?.code).toBe(409);
    const other = await member('late');
    expect((await other.ask(aJoin('late', 'small'))).body).toMatchObject({
      code: 486,
      description: 'the room is full',
    });
    peer.send({ id: 'first', ...join });
    await vi.waitFor(() => {
      const joins = node
        .commands()
        .filter((command) => command.command === 'join')
        .filter(({ participant }) => participant === 'again');
      const [first, second] = joins.map(({ reply: { received: _, ...reply }, ...join }) => ({ ...join, reply }));
      expect(joins).toHaveLength(2);
      expect(second).toEqual(first);
    }, WAIT);
  });

  it('admits as many of a crowd as there are places', async () => {
    const crowd = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => ({ name: `crowd-${n}`, peer: await member(`crowd-${n}`) })),
    );
    for (const { name, peer } of crowd)
      peer.send({ id: 'join', ...aJoin(name, 'crowded', { create: { capacity: 5 } }) });
    const joined = () => node.commands().filter((c) => c.command === 'join' && c.roster.room === at.room('crowded'));
    const refused = () => crowd.filter(({ peer }) => peer.received.some(({ body }) => body?.code === 486));
    await vi.waitFor(() => expect([joined().length, refused().length]).toEqual([5, 7]), WAIT);
    expect(new Set(joined().map((command) => command.roster.incarnation)).size).toBe(1);
  });

  it.each([
    ['another room', { room: 'theirs', create: true }, 403],
    ['creating', { room: '*' }, 403],
    ['publishing', { room: 'gran*', create: true, publish: false }, 403],
  ])('refuses %s without the grant', async (_, grants, code) => {
    const peer = await member('granted', { sub: 'user://localhost/granted', role: 'participant', grants });
    expect((await peer.ask(aJoin('granted', 'granted-room'))).body?.code).toBe(code);
    peer.socket.terminate();
  });

  it('takes the name from the token, whatever the client says', async () => {
    const peer = await member('masked', {
      sub: 'user://localhost/masked',
      name: 'Real Name',
      role: 'participant',
      grants: { room: 'named', create: true },
    });
    peer.send({ id: 'join', ...aJoin('masked', 'named', { identity: { name: 'Somebody Else' } }) });
    expect((await node.join('masked')).room.data.participants.masked?.identity).toEqual({
      name: 'Real Name',
      user: 'user://localhost/masked',
    });
  });
});

describe('leaving', () => {
  it('destroys the room with the last participant, and only then', async () => {
    const room = at.room('short');
    const [ada, bob] = await Promise.all([signalling.client(), signalling.client()]);
    await joinRoom(ada, node, 's1', 'short');
    await joinRoom(bob, node, 's2', 'short');
    const leave = (name: string) =>
      ({ type: 'delete', from: at.hyperty(name), to: at.conference, body: { resource: room } }) as const;
    expect((await bob.ask(leave('s2'))).body?.code).toBe(200);
    await vi.waitFor(() => {
      expect(ada.updates(room).at(-1)?.body).toMatchObject({ version: 3, attribute: 'participants.s2' });
      expect(ada.updates(room).at(-1)?.body).not.toHaveProperty('value');
    }, WAIT);
    expect((await bob.ask(leave('s2'))).body?.code).toBe(404);
    expect((await bob.ask(leave('s1'))).body?.code).toBe(403);
    expect((await ada.ask(leave('s1'))).body?.code).toBe(200);
    await vi.waitFor(() => expect(node.roster(room)).toMatchObject({ participants: {} }), WAIT);
    const read = { type: 'read', from: at.hyperty('s1'), to: room } as const;
    expect((await ada.ask(read)).body?.code).toBe(404);
  });

  it('gives a living room to a join that races the last leave', async () => {
    const room = at.room('racing');
    const [ada, bob] = await Promise.all([member('r1'), member('r2')]);
    for (let round = 0; round < 5; round++) {
      const first = `ada-${round}`;
      ada.send({ id: first, ...aJoin('r1', 'racing') });
      await vi.waitFor(() => expect(node.joinedBy()).toContain(first), WAIT);
      const body = { resource: room };
      const left = ada.ask({ type: 'delete', from: at.hyperty('r1'), to: at.conference, body });
      bob.send({ id: `bob-${round}`, ...aJoin('r2', 'racing') });
      expect((await left).body?.code).toBe(200);
      const read = await vi.waitFor(async () => {
        const answer = await bob.ask({ type: 'read', from: at.hyperty('r2'), to: room });
        expect(answer.body?.code).toBe(200);
        return answer;
      }, WAIT);
      expect(read.body?.value).toMatchObject({ data: { participants: { r2: { status: 'live' } } } });
      expect((await bob.ask({ type: 'delete', from: at.hyperty('r2'), to: at.conference, body })).body?.code).toBe(200);
    }
  });
});

describe('updating', () => {
  it('passes offers and candidates on, for who is in the room', async () => {
    const peer = await signalling.client();
    await joinRoom(peer, node, 'o1', 'offers');
    const from = at.hyperty('o1');
    const candidates = [
      { url: at.connection('o1-in'), iceCandidates: [{ candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 }] },
    ];
    const connections = [aConnection(from, 'o1-more', 'receive')];
    const body = { resource: at.room('offers'), connections, candidates };
    peer.send({ id: 'more', type: 'update', from, to: at.conference, body });
    await vi.waitFor(() => {
      const update = node.commands().find((command) => command.command === 'update');
      expect(update).toMatchObject({ participant: 'o1', connections, candidates, reply: { request: { id: 'more' } } });
    }, WAIT);
    const elsewhere = {
      type: 'update',
      from,
      to: at.conference,
      body: { ...body, resource: at.room('other') },
    } as const;
    expect((await peer.ask(elsewhere)).body?.code).toBe(404);
    const thief = await signalling.client();
    expect((await thief.ask({ type: 'update', from, to: at.conference, body })).body?.code).toBe(403);
  });
});

describe('vanishing', () => {
  it('shows a participant without its socket, and removes it when its grace is over', async () => {
    const room = at.room('fading');
    const [ada, bob] = await Promise.all([signalling.client(), signalling.client()]);
    await joinRoom(ada, node, 'f1', 'fading');
    await joinRoom(bob, node, 'f2', 'fading');
    bob.socket.terminate();
    await vi.waitFor(() => {
      expect(ada.updates(room).at(-1)?.body).toMatchObject({ value: { status: 'disconnected' } });
      expect(node.roster(room)?.participants.f2).toMatchObject({ status: 'disconnected' });
    }, WAIT);
    const { incarnation, epoch, participants } = (await node.join('f2')).roster;
    const gone = { report: 'gone', resource: room, incarnation, epoch, participant: 'f2', onlyIfDisconnected: true };
    expect((await node.report({ ...gone, admitted: 99 })).body?.code).toBe(200);
    expect(node.roster(room)?.participants).toHaveProperty('f2');
    await node.report({ ...gone, admitted: participants.f2?.admitted });
    await vi.waitFor(() => expect(Object.keys(node.roster(room)?.participants ?? {})).toEqual(['f1']), WAIT);
    await vi.waitFor(() => expect(ada.updates(room).at(-1)?.body).not.toHaveProperty('value'), WAIT);
  });
});

describe('media nodes', () => {
  it('report the state of a publication, which everybody sees', async () => {
    const room = at.room('reported');
    const peer = await signalling.client();
    await joinRoom(peer, node, 'm1', 'reported');
    const join = await node.join('m1');
    await node.report(aMediaReport(join, { connection: at.connection('an-earlier-one'), media: 'failed' }));
    await node.report(aMediaReport(join));
    await vi.waitFor(() => {
      const value = { publications: { main: { media: 'connected' } } };
      expect(peer.updates(room).map(({ body }) => body)).toMatchObject([{ version: 2, value }]);
    }, WAIT);
  });

  it('that hold somebody who is not there are told who is', async () => {
    const room = at.room('missed');
    const [stays, leaves] = await Promise.all([signalling.client(), signalling.client()]);
    await joinRoom(stays, node, 'h1', 'missed');
    await joinRoom(leaves, node, 'h2', 'missed');
    const { incarnation, epoch, participants } = (await node.join('h2')).roster;
    const { admitted } = participants.h2 ?? {};
    const gone = {
      report: 'gone',
      resource: room,
      incarnation,
      epoch,
      participant: 'h2',
      admitted,
      onlyIfDisconnected: false,
    };
    const rosters = () => node.commands().filter((c) => c.command === 'sync' && c.roster.room === room);
    await node.report(gone);
    await vi.waitFor(() => expect(rosters()).toHaveLength(1), WAIT);
    await node.report(gone);
    await vi.waitFor(() => expect(rosters()).toHaveLength(2), WAIT);
    expect(rosters()[1]?.roster).toEqual(rosters()[0]?.roster);
    await node.report({ ...gone, incarnation: 'an earlier one' });
    await vi.waitFor(() => expect(rosters().at(-1)?.roster.incarnation).toBe('an earlier one'), WAIT);
    expect(rosters().at(-1)?.roster.participants).toEqual({});
  });

  it('are believed only by their token', async () => {
    const peer = await member('pretender');
    const body = { value: { instance: 'x', capacity: 1000, load: 0 } };
    for (const type of ['create', 'update'] as const) {
      const answer = await peer.ask({ type, from: at.hyperty('pretender'), to: at.media, body });
      expect(answer.body?.code).toBe(403);
    }
  });

  it('cannot touch the rooms of another node', async () => {
    const room = at.room('guarded');
    const peer = await signalling.client();
    await joinRoom(peer, node, 'g1', 'guarded');
    const { incarnation, epoch, participants } = (await node.join('g1')).roster;
    const foreign = await signalling.mediaNode('media-foreign', { capacity: 1, load: 1 });
    const admitted = participants.g1?.admitted;
    await foreign.report({
      report: 'gone',
      resource: room,
      incarnation,
      epoch,
      participant: 'g1',
      admitted,
      onlyIfDisconnected: false,
    });
    const read = await peer.ask({ type: 'read', from: at.hyperty('g1'), to: room });
    expect(read.body?.value).toMatchObject({ data: { participants: { g1: { status: 'live' } } } });
  });
});

describe('without a media node', () => {
  it('refuses to create a room with 503, and recovers when one comes', async () => {
    const bare = await startSignalling(4);
    try {
      const peer = await bare.client();
      await peer.register(at.hyperty('early'));
      const join = aJoin('early', 'waiting');
      expect((await peer.ask(join)).body?.code).toBe(503);
      const { items } = await bare.emulator.metrics();
      expect(items).toBe(1);
      const late = await bare.mediaNode();
      peer.send({ id: 'again', ...join });
      await late.accept(await late.join('early'));
      expect((await peer.responseTo('again')).body?.code).toBe(200);
      late.peer.socket.terminate();
      await vi.waitFor(async () => {
        const other = await bare.client();
        await other.register(at.hyperty('after'));
        expect((await other.ask(aJoin('after', 'elsewhere'))).body?.code).toBe(503);
        other.socket.terminate();
      }, WAIT);
    } finally {
      await bare.close();
    }
  });
});
