import { HyperroomServer } from '@hyperroom/client/server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aJoin, joinRoom } from '../signalling/joins.ts';
import { at, type MediaNode, type Peer, WAIT } from '../signalling/signalling.ts';
import { faultsOfRequest, type Operate, operating, operations, type Request } from './documented.ts';
import { aServerToken, aToken, type Scene, SECRET, startScene } from './scene.ts';

/* Every operation of the HTTP API on the running stack, beside participants who see what it does. */

let scene: Scene;
let node: MediaNode;
let token: string;
let operate: Operate;
/** Which operations have been answered, and how. */
const seen = new Set<string>();

beforeAll(async () => {
  scene = await startScene();
  node = await scene.mediaNode();
  token = await aServerToken();
  operate = operating(scene.emulator.httpApiUrl, seen);
});
afterAll(() => scene.close());

/** Calls an operation that is to succeed. */
async function done(id: string, request: Request): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (request.body !== undefined) expect(faultsOfRequest(id, request.body)).toEqual([]);
  const { status, body } = await operate(id, { token, ...request });
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return body;
}

/** A client that asks to be let in. */
async function knocking(name: string, room: string): Promise<Peer> {
  const peer = await scene.client();
  await peer.register(at.hyperty(name));
  expect((await peer.ask(aJoin(name, room))).body?.code).toBe(202);
  return peer;
}

const participantsOf = (room: string) => done('listParticipants', { room });

/** Waits for what the conference says to a client that it did not ask for. */
async function told(peer: Peer, type: 'update' | 'delete', body: object): Promise<void> {
  await vi.waitFor(() => expect(peer.pushes(type).map((message) => message.body)).toContainEqual(body), WAIT);
}

describe('a room', () => {
  it('is created, read, changed, listed and ended', async () => {
    const options = { capacity: 5, emptyTimeout: 60, metadata: { title: 'Stand-up' } };
    const created = await done('createRoom', { body: { id: 'life', options } });
    expect(created).toMatchObject({
      url: at.room('life'),
      data: { options: { capacity: 5, emptyTimeout: 60, lastN: 7 }, metadata: { title: 'Stand-up' }, participants: {} },
    });
    expect(await done('getRoom', { room: 'life' })).toEqual(created);
    const changes = { locked: true, capacity: 6, metadata: { title: null, floor: '3' } };
    const changed = await done('updateRoom', { room: 'life', body: changes });
    expect(changed).toMatchObject({ data: { options: { locked: true, capacity: 6 } } });
    expect(changed?.data).toHaveProperty('metadata', { floor: '3' });
    expect(await done('listRooms', {})).toEqual({ rooms: [changed] });
    await done('endRoom', { room: 'life' });
    expect((await operate('getRoom', { token, room: 'life' })).status).toBe(404);
    expect(await done('listRooms', {})).toEqual({ rooms: [] });
  });

  it('is listed page by page, for whose token covers it', async () => {
    const ids = ['red-1', 'red-2', 'red-3', 'blue-1', 'blue-2'];
    for (const id of ids) await done('createRoom', { body: { id } });
    const pages = async (limit: string, as: string) => {
      const found: string[][] = [];
      let cursor: string | undefined;
      do {
        const page = await done('listRooms', { token: as, query: { limit, ...(cursor && { cursor }) } });
        const { rooms, cursor: next } = page as { rooms: { name: string }[]; cursor?: string };
        found.push(rooms.map(({ name }) => name));
        cursor = next;
      } while (cursor !== undefined);
      return found;
    };
    const all = await pages('2', token);
    expect(Math.max(...all.map((names) => names.length))).toBe(2);
    expect(all.flat().sort()).toEqual([...ids].sort());
    expect((await pages('100', token)).flat().sort()).toEqual([...ids].sort());
    expect((await pages('2', await aServerToken({ room: 'blue-*' }))).flat().sort()).toEqual(['blue-1', 'blue-2']);
    for (const room of ids) await done('endRoom', { room });
  });

  it('tells those in it that it has ended, and why', async () => {
    await done('createRoom', { body: { id: 'closing' } });
    const ada = await scene.client();
    await joinRoom(ada, node, 'c-ada', 'closing');
    await done('endRoom', { room: 'closing', query: { reason: 'that is all' } });
    await told(ada, 'delete', { resource: at.room('closing'), reason: 'ended', description: 'that is all' });
  });
});

describe('whoever waits', () => {
  it('is listed, let in or sent away', async () => {
    await done('createRoom', { body: { id: 'gate', options: { waitingRoom: true } } });
    const resource = at.room('gate');
    const ada = await knocking('g-ada', 'gate');
    const bob = await knocking('g-bob', 'gate');
    expect(await participantsOf('gate')).toMatchObject({
      participants: {},
      waiting: { 'g-ada': { identity: { name: 'g-ada' } }, 'g-bob': { hypertyURL: at.hyperty('g-bob') } },
    });
    await done('refuse', { room: 'gate', participant: 'g-bob', query: { reason: 'not today' } });
    await told(bob, 'delete', { resource, reason: 'refused', description: 'not today' });
    await done('admit', { room: 'gate', participant: 'g-ada' });
    await told(ada, 'update', { resource, admitted: true });
    ada.send({ id: 'again', ...aJoin('g-ada', 'gate') });
    await node.accept(await node.join('g-ada'));
    expect((await ada.responseTo('again')).body?.code).toBe(200);
    expect(await participantsOf('gate')).toMatchObject({ participants: { 'g-ada': { status: 'live' } }, waiting: {} });
  });
});

describe('a participant', () => {
  it('is read, blocked, appointed, described and removed, and hears of it', async () => {
    await done('createRoom', { body: { id: 'floor' } });
    const ada = await scene.client();
    await joinRoom(ada, node, 'f-ada', 'floor', { metadata: { team: 'blue' } });
    const who = { room: 'floor', participant: 'f-ada' };
    expect(await done('getParticipant', who)).toMatchObject({ role: 'participant', metadata: { team: 'blue' } });
    const body = { role: 'moderator', blocked: ['camera'], metadata: { team: null, hand: 'up' } };
    const changed = await done('updateParticipant', { ...who, body });
    expect(changed).toMatchObject({ role: 'moderator', blocked: ['camera'], metadata: { hand: 'up' } });
    expect(changed?.metadata).toEqual({ hand: 'up' });
    await vi.waitFor(() => expect(ada.updates(at.room('floor')).at(-1)?.body?.value).toEqual(changed), WAIT);
    expect(await done('updateParticipant', { ...who, body: { blocked: ['microphone'] } })).toMatchObject({
      blocked: ['microphone'],
      role: 'moderator',
    });
    expect(await done('updateParticipant', { ...who, body: { blocked: [] } })).toMatchObject({ blocked: [] });
    const same = await done('getParticipant', who);
    expect(await done('updateParticipant', { ...who, body: {} })).toEqual(same);
    await done('removeParticipant', { ...who, query: { reason: 'enough' } });
    await told(ada, 'delete', { resource: at.room('floor'), reason: 'removed', description: 'enough' });
  });

  it('whose metadata cannot be, is not changed at all', async () => {
    const ada = await scene.client();
    await joinRoom(ada, node, 'm-ada', 'meta', { metadata: { a: 'x'.repeat(900) } });
    const who = { room: 'meta', participant: 'm-ada' };
    const before = await done('getParticipant', who);
    const body = { blocked: ['camera'], metadata: { b: 'y'.repeat(900) } };
    expect((await operate('updateParticipant', { token, ...who, body })).status).toBe(400);
    expect(await done('getParticipant', who)).toEqual(before);
  });

  it('is invited with a token for one room, which does there what was said', async () => {
    const body = { user: 'grace', name: 'Grace', create: true, publish: ['microphone'], expiresIn: 60 };
    const before = Date.now();
    const invitation = await done('inviteParticipant', { room: 'salon', body });
    const expires = Date.parse(String(invitation?.expires));
    expect(Math.abs(expires - before - 60_000)).toBeLessThan(5_000);
    expect(invitation?.signalling).toBe(scene.emulator.signallingUrl);
    const grace = await scene.client(String(invitation?.token));
    await grace.register(at.hyperty('s-grace'));
    expect((await grace.ask(aJoin('s-grace', 'another'))).body?.code).toBe(403);
    expect((await grace.ask(aJoin('s-grace', 'salon'))).body).toMatchObject({
      code: 403,
      description: expect.stringContaining('camera'),
    });
    grace.send({ id: 'join', ...aJoin('s-grace', 'salon', { connections: [] }) });
    await node.accept(await node.join('s-grace'));
    expect((await grace.responseTo('join')).body?.code).toBe(200);
    expect(await done('getParticipant', { room: 'salon', participant: 's-grace' })).toMatchObject({
      identity: { name: 'Grace', user: 'user://localhost/grace' },
    });
  });
});

describe('a message of a back end', () => {
  it('reaches everyone, or those it is for, and has no sender', async () => {
    const [ada, bob] = await Promise.all([scene.client(), scene.client()]);
    await joinRoom(ada, node, 'd-ada', 'data');
    await joinRoom(bob, node, 'd-bob', 'data');
    const body = { topic: 'poll', data: { question: 'Grüße?', answers: [1, null] } };
    const sent = await done('sendData', { room: 'data', body });
    expect(sent).toMatchObject(body);
    expect(sent).not.toHaveProperty('sender');
    for (const peer of [ada, bob]) await vi.waitFor(() => expect(peer.data('data')).toEqual([sent]), WAIT);
    const whispered = await done('sendData', { room: 'data', body: { ...body, to: ['d-bob'] } });
    await vi.waitFor(() => expect(bob.data('data')).toEqual([sent, whispered]), WAIT);
    expect(ada.data('data')).toEqual([sent]);
  });
});

describe('the client for back ends', () => {
  it('speaks with it', async () => {
    const server = new HyperroomServer({ url: scene.emulator.httpApiUrl, secret: SECRET });
    const room = await server.createRoom('client', { waitingRoom: true });
    expect(await server.getRoom('client')).toEqual(room);
    const { token: invitation } = await server.inviteParticipant('client', { user: 'ada', moderate: true });
    const ada = await scene.client(invitation);
    await joinRoom(ada, node, 'k-ada', 'client', { create: undefined });
    await knocking('k-bob', 'client');
    expect(await server.listParticipants('client')).toMatchObject({
      participants: { 'k-ada': { role: 'moderator', identity: { name: 'ada' } } },
      waiting: { 'k-bob': {} },
    });
    await server.refuse('client', 'k-bob', { reason: 'no' });
    await server.updateParticipant('client', 'k-ada', { blocked: ['screen'] });
    expect((await server.getParticipant('client', 'k-ada')).blocked).toEqual(['screen']);
    await server.sendData('client', { topic: 'chat', data: 'hello' });
    await vi.waitFor(() => expect(ada.data('client')).toHaveLength(1), WAIT);
    const listed = [];
    for await (const { name } of server.listRooms({ limit: 1 })) listed.push(name);
    expect(listed).toContain('client');
    await server.endRoom('client');
    await expect(server.getRoom('client')).rejects.toMatchObject({ code: 'not-found' });
    const unsigned = new HyperroomServer({
      url: scene.emulator.httpApiUrl,
      token: await aToken({ sub: 'user://x/y' }),
    });
    await expect(unsigned.getRoom('client')).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('the document', () => {
  it('has the routes of the stack, and no others', () => {
    const routes = Object.values(scene.template.Resources).flatMap(({ Type, Properties }) => {
      const key = Type === 'AWS::ApiGatewayV2::Route' ? String(Properties?.RouteKey) : '';
      // Those of the WebSocket API begin with $.
      return key === '' || key.startsWith('$') ? [] : [key];
    });
    expect(routes.sort()).toEqual(operations.map(({ routeKey }) => routeKey).sort());
  });

  it('has no operation that was not carried out here', () => {
    const successes = operations.map(({ id, operation }) => {
      return `${id} ${Object.keys(operation.responses).find((status) => status.startsWith('2'))}`;
    });
    expect([...seen]).toEqual(expect.arrayContaining(successes));
  });
});
