import { type Message, SCHEMAS } from '@hyperroom/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Inventory } from '../call/inventory.ts';
import type { Participant } from '../call/participant.ts';
import { RawClient } from './raw-client.ts';
import { expectAllFlowing, expectMoreOfEach, expectRosters, useScene } from './scene.ts';

const scene = useScene();
const ROOM = 'undisturbed';
let call: Participant[] = [];
let nothing: Inventory;
let client: RawClient;

beforeAll(async () => {
  nothing = await scene().inventory();
  call = [await scene().join(ROOM, 'Ada'), await scene().join(ROOM, 'Ben')];
  await expectAllFlowing(call);
  client = await RawClient.open(scene().stack.signalling);
});

afterEach(() => expectMoreOfEach(call, 1));

afterAll(() => client.close());

const resource = (room: string) => client.addresses.room(room);
const joinBody = (room: string, connections: unknown[] = []) => ({
  resource: resource(room),
  create: {},
  identity: { name: 'Mallory' },
  connections,
});

/** A connection object like those of the SDK, with a session description of one's own. */
function connection(sdp: string) {
  const now = new Date().toISOString();
  return {
    url: client.addresses.connection(crypto.randomUUID()),
    reporter: client.url,
    schema: SCHEMAS.connection,
    version: 0,
    created: now,
    lastModified: now,
    data: {
      status: 'new',
      owner: client.url,
      peer: null,
      direction: 'publish',
      connectionDescription: { type: 'offer', sdp },
      iceCandidates: [],
    },
  };
}

describe('frames that are no messages', () => {
  it.each([
    ['not JSON', 'hello?', 0],
    ['an unknown type', JSON.stringify({ id: 901, type: 'shout', from: 'hyperty://localhost/x', to: 'mn:/y' }), 901],
    ['a missing field', JSON.stringify({ id: 902, type: 'create', from: 'hyperty://localhost/x' }), 902],
    ['an empty batch', '[]', 0],
    ['null', 'null', 0],
  ])('answers %s with 400', async (_, frame, id) => {
    client.send(frame);
    expect((await client.response(id)).body).toMatchObject({ code: 400, description: expect.any(String) });
  });

  it.each([
    ['a frame of 200 kB', 'x'.repeat(200_000), 1009],
    ['a binary frame', Buffer.from([1, 2, 3]), 1003],
  ])('closes on %s', async (_, frame, code) => {
    const rude = await RawClient.open(scene().stack.signalling);
    rude.send(frame);
    expect(await rude.closed()).toBe(code);
  });
});

describe('requests that are refused', () => {
  beforeAll(async () => {
    expect(await client.register()).toMatchObject({ code: 200 });
  });

  it.each<[string, () => Partial<Message>, number]>([
    ['a join without a body', () => ({ type: 'create' }), 400],
    ['a room name of 10 kB', () => ({ type: 'create', body: joinBody('x'.repeat(10_000)) }), 400],
    ['an offer that is no SDP', () => ({ type: 'create', body: joinBody(ROOM, [connection('garbage')]) }), 400],
    [
      'an offer that only looks like SDP',
      () => ({ type: 'create', body: joinBody(ROOM, [connection(PSEUDO_SDP)]) }),
      400,
    ],
    ['a room that is not there', () => ({ type: 'read', body: { resource: resource('nowhere') } }), 404],
    ['a leave without a join', () => ({ type: 'delete', body: { resource: resource(ROOM) } }), 404],
    ['a leave of no room', () => ({ type: 'delete', body: { resource: resource('nowhere') } }), 404],
    ['an unknown address', () => ({ type: 'read', to: client.addresses.hyperty('nobody') }), 404],
  ])('%s', async (_, request, code) => {
    expect(await client.request(request())).toMatchObject({ code, description: expect.any(String) });
  });

  it('a second join, and the first one stays', async () => {
    expect(await client.request({ type: 'create', body: joinBody('twice') })).toMatchObject({ code: 200 });
    expect(await client.request({ type: 'create', body: joinBody('twice') })).toMatchObject({ code: 409 });
    expect(await client.request({ type: 'delete', body: { resource: resource('twice') } })).toMatchObject({
      code: 200,
    });
  });

  it.each<[string, (victim: string) => Partial<Message>]>([
    ['joins', (from) => ({ type: 'create', from, body: joinBody('elsewhere') })],
    ['leaves', (from) => ({ type: 'delete', from, body: { resource: resource(ROOM) } })],
    ['offers', (from) => ({ type: 'update', from, body: { resource: resource(ROOM), connections: [] } })],
    ['unregisters', (from) => ({ type: 'update', from, to: client.addresses.registry, body: unregister(from) })],
    ['speaks', (from) => ({ type: 'update', from, to: client.url, body: {} })],
  ])('who %s in the name of another', async (_, asVictim) => {
    const request = asVictim(await somebodyElse());
    expect(await client.request(request)).toMatchObject({ code: 403, description: expect.any(String) });
  });
});

it('has not disturbed the call beside it, which ends as any other', async () => {
  await expectRosters(call);
  await expectMoreOfEach(call);
  for (const participant of call) {
    expect(participant.errors).toEqual([]);
    await participant.leave();
  }
  call = [];
  client.close();
  await scene().expectNothingSince(nothing);
});

const unregister = (url: string) => ({ resource: url, value: 'disconnected', attribute: 'status' });

/** The hyperty of a participant of the call. */
async function somebodyElse(): Promise<string> {
  const response = await client.request({ type: 'read', body: { resource: resource(ROOM) } });
  return (
    Object.values(Object(response?.value).data.participants as Record<string, { hypertyURL: string }>)[0]?.hypertyURL ??
    ''
  );
}

/** Passes for a session description at a glance: it is the media server that cannot make sense of it. */
const PSEUDO_SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'm=video nonsense',
  'a=ice-ufrag:x',
  'a=fingerprint:sha-256 00',
  '',
].join('\r\n');
