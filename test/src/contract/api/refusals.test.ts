import { MAX_BODY_BYTES } from '@hyperroom/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinRoom } from '../signalling/joins.ts';
import { faultsOfRequest, type Operate, operating, operations, type Request } from './documented.ts';
import { aServerToken, aToken, type Scene, startScene } from './scene.ts';

/* What the HTTP API does not do, and for whom. */

let scene: Scene;
let token: string;
let operate: Operate;

beforeAll(async () => {
  scene = await startScene();
  token = await aServerToken();
  operate = operating(scene.emulator.httpApiUrl);
});
afterAll(() => scene.close());

/** A request that would be fine if there were such a room. */
const BODIES: Readonly<Record<string, object>> = {
  createRoom: { id: 'there' },
  updateRoom: { locked: true },
  updateParticipant: { blocked: ['camera'] },
  inviteParticipant: { user: 'ada' },
  sendData: { topic: 'chat', data: 'hello' },
};

function aRequest(id: string, changes: Partial<Request> = {}): Request {
  return { token, room: 'there', participant: 'ada', body: BODIES[id], ...changes };
}

async function refused(id: string, changes: Partial<Request>) {
  const { status, body } = await operate(id, aRequest(id, changes));
  return { status, code: body?.code, message: String(body?.message) };
}

describe.each(operations.map(({ id }) => id))('%s', (id) => {
  it('is not for who has no token, or a bad one', async () => {
    const expired = await aServerToken({}, -1);
    for (const bad of [undefined, 'nonsense', expired, `${token.slice(0, -4)}AAAA`]) {
      expect(await refused(id, { token: bad })).toMatchObject({ status: 401, code: 'unauthorized' });
    }
    expect(await refused(id, { token: expired })).toMatchObject({ message: 'token expired' });
  });

  it('is not for clients and media nodes, whatever they are granted', async () => {
    const grants = { room: '*', create: true, moderate: true };
    for (const role of ['participant', 'media-node'] as const) {
      const theirs = await aToken({ sub: 'user://localhost/ada', role, grants });
      expect(await refused(id, { token: theirs })).toMatchObject({ status: 403, code: 'forbidden' });
    }
  });
});

describe('a back end', () => {
  it.each(operations.map(({ id }) => id).filter((id) => id !== 'listRooms'))(
    'has no %s of a room that its token does not cover',
    async (id) => {
      const elsewhere = await aServerToken({ room: 'their-*' });
      expect(await refused(id, { token: elsewhere })).toMatchObject({ status: 403, code: 'forbidden' });
    },
  );

  it.each([
    ['createRoom', 'create'],
    ['updateRoom', 'moderate'],
    ['endRoom', 'moderate'],
    ['updateParticipant', 'moderate'],
    ['removeParticipant', 'moderate'],
    ['admit', 'moderate'],
    ['refuse', 'moderate'],
    ['sendData', 'data'],
  ])('has no %s without the grant `%s`', async (id, grant) => {
    const without = await aServerToken({ [grant]: false });
    expect(await refused(id, { token: without })).toMatchObject({
      status: 403,
      message: expect.stringContaining(`'${grant}'`),
    });
  });

  it('invites nobody to more than it may itself', async () => {
    const without = await aServerToken({ moderate: false });
    const body = { user: 'ada', moderate: true };
    expect(await refused('inviteParticipant', { token: without, body })).toMatchObject({ status: 403 });
  });
});

describe('a room that there is not', () => {
  const ofRooms = operations.filter(({ id, path }) => path.includes('{room}') && id !== 'inviteParticipant');
  it.each(ofRooms.map(({ id }) => id))('has no %s', async (id) => {
    for (const room of ['missing', 'constructor']) {
      expect(await refused(id, { room })).toMatchObject({ status: 404, code: 'not-found', message: 'no such room' });
    }
  });

  it('cannot be created where there is no media node', async () => {
    expect(await refused('createRoom', {})).toMatchObject({ status: 503, code: 'no-media-node' });
  });
});

describe('a request', () => {
  it.each<[string, string, object | string]>([
    ['createRoom', 'no JSON', '{"id":'],
    ['createRoom', 'no object', '[]'],
    ['createRoom', 'nothing', ''],
    ['createRoom', 'no id', {}],
    ['createRoom', 'a bad id', { id: 'a/b' }],
    ['createRoom', 'a long id', { id: 'x'.repeat(129) }],
    ['createRoom', 'an option that there is not', { id: 'a', options: { capcity: 5 } }],
    ['createRoom', 'an option beyond its limits', { id: 'a', options: { capacity: 0 } }],
    ['createRoom', 'another field', { id: 'a', capacity: 5 }],
    ['updateRoom', 'an option that stays', { codec: 'H264' }],
    ['updateParticipant', 'a source that there is not', { blocked: ['nose'] }],
    ['updateParticipant', 'a role that there is not', { role: 'emperor' }],
    ['inviteParticipant', 'nobody', {}],
    ['inviteParticipant', 'too long', { user: 'ada', expiresIn: 86_401 }],
    ['sendData', 'no data', { topic: 'chat' }],
    ['sendData', 'a bad topic', { topic: 'a b', data: 1 }],
    ['sendData', 'nobody it is for', { topic: 'chat', data: 1, to: [] }],
  ])('to %s with %s is bad, as the document says', async (id, _, body) => {
    const request = typeof body === 'string' ? { text: body } : { body };
    expect(await refused(id, request)).toMatchObject({ status: 400, code: 'bad-request' });
    if (typeof body === 'object') expect(faultsOfRequest(id, body)).not.toEqual([]);
  });

  it('names the field that is wrong', async () => {
    const { message } = await refused('createRoom', { body: { id: 'a', options: { metadata: { a: 1 } } } });
    expect(message).toMatch(/^options\.metadata\.a: /);
  });

  it.each<[string, Partial<Request>]>([
    ['listRooms', { query: { limit: '0' } }],
    ['listRooms', { query: { limit: '101' } }],
    ['listRooms', { query: { limit: 'ten' } }],
    ['endRoom', { query: { reason: 'x'.repeat(257) } }],
    ['getRoom', { room: 'a%20b' }],
    ['getRoom', { room: '*' }],
    ['inviteParticipant', { room: 'team-*' }],
    ['inviteParticipant', { body: { user: 'user://elsewhere/ada' } }],
    ['createRoom', { body: { id: 'a', options: { metadata: { a: 'x'.repeat(1025) } } } }],
    ['sendData', { body: { topic: 'chat', data: 'x'.repeat(8192) } }],
  ])('to %s with %j is bad', async (id, changes) => {
    expect(await refused(id, changes)).toMatchObject({ status: 400, code: 'bad-request' });
  });

  it('may be so long and no longer, in bytes', async () => {
    const fits = `"${'é'.repeat((MAX_BODY_BYTES - 2) / 2)}"`;
    expect(await refused('createRoom', { text: fits })).toMatchObject({ status: 400 });
    expect(await refused('createRoom', { text: `${fits} ` })).toMatchObject({ status: 413, code: 'too-large' });
  });
});

describe('where there is a room', () => {
  beforeAll(async () => {
    const node = await scene.mediaNode();
    expect((await operate('createRoom', aRequest('createRoom'))).status).toBe(201);
    await joinRoom(await scene.client(), node, 'bob', 'there');
  });

  it('there is not another of the same id', async () => {
    expect(await refused('createRoom', {})).toMatchObject({ status: 409, code: 'conflict' });
  });

  it.each(['getParticipant', 'updateParticipant', 'removeParticipant', 'admit', 'refuse'])(
    'there is no %s of somebody who is not there',
    async (id) => {
      for (const participant of ['ada', 'constructor', '__proto__']) {
        expect(await refused(id, { participant })).toMatchObject({ status: 404, code: 'not-found' });
      }
    },
  );

  it('nobody in it gets a message that is also for somebody who is not', async () => {
    const body = { topic: 'chat', data: 1, to: ['bob', 'ada'] };
    expect(await refused('sendData', { body })).toMatchObject({ status: 404, message: expect.stringContaining('ada') });
  });

  it('nobody waits who is in it', async () => {
    expect(await refused('admit', { participant: 'bob' })).toMatchObject({ status: 404 });
  });
});
