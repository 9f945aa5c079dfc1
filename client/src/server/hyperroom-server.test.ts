import { DEFAULT_ROOM_OPTIONS, type Room } from '@hyperroom/protocol';
import { jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HyperroomServer } from './hyperroom-server.ts';

const URL_OF_API = 'https://api.example.org/stage';

/** The network: what was requested, and what is answered, in order. */
const requests: Request[] = [];
let answers: (Response | (() => Promise<Response>))[] = [];

async function fakeFetch(url: URL, init: RequestInit): Promise<Response> {
  requests.push(new Request(url, init));
  const answer = answers.shift();
  if (!answer) throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
  return typeof answer === 'function' ? answer() : answer;
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const nothing = () => new Response(null, { status: 204 });

function room(id: string): Room {
  return {
    url: `comm://example.org/${id}`,
    reporter: 'hyperty://example.org/conference',
    version: 1,
    created: 't',
    lastModified: 't',
    data: {
      startingTime: 't',
      status: 'open',
      epoch: 1,
      media: 'ready',
      options: DEFAULT_ROOM_OPTIONS,
      metadata: {},
      speakers: [],
      participants: {},
      waiting: {},
    },
  };
}

const PARTICIPANT = {
  hypertyURL: 'hyperty://example.org/ada',
  domain: 'example.org',
  identity: { name: 'Ada', user: 'user://example.org/ada' },
  role: 'participant',
  status: 'live',
  publications: {},
  muted: [],
  blocked: [],
  metadata: {},
  joined: 't',
};

/** The requests that were made: method, what follows the API's URL, and the body. */
async function made(): Promise<unknown[]> {
  const all = requests.splice(0).map(async (request) => {
    const text = await request.text();
    const line = `${request.method} ${request.url.slice(URL_OF_API.length)}`;
    return text === '' ? [line] : [line, JSON.parse(text)];
  });
  return Promise.all(all);
}

const server = new HyperroomServer({ url: URL_OF_API, token: 'token-1' });

beforeEach(() => {
  requests.length = 0;
  answers = [];
  vi.stubGlobal('fetch', fakeFetch);
});
afterEach(() => vi.unstubAllGlobals());

describe('rooms', () => {
  it('are created, read, changed and ended', async () => {
    answers = [json(room('a'), 201), json(room('a')), json(room('a')), nothing()];
    expect(await server.createRoom('a', { capacity: 3 })).toEqual(room('a'));
    expect(await server.getRoom('a')).toEqual(room('a'));
    expect(await server.updateRoom('a', { locked: true })).toEqual(room('a'));
    expect(await server.endRoom('a', { reason: 'that is all' })).toBeUndefined();
    expect(await made()).toEqual([
      ['POST /v1/rooms', { id: 'a', options: { capacity: 3 } }],
      ['GET /v1/rooms/a'],
      ['PATCH /v1/rooms/a', { locked: true }],
      ['DELETE /v1/rooms/a?reason=that+is+all'],
    ]);
  });

  it('are listed page by page, as far as somebody reads', async () => {
    answers = [
      json({ rooms: [room('a'), room('b')], cursor: 'x=1&y' }),
      json({ rooms: [], cursor: 'next' }),
      json({ rooms: [room('c')] }),
    ];
    const urls: string[] = [];
    for await (const { url } of server.listRooms({ limit: 2 })) urls.push(url);
    expect(urls).toEqual(['a', 'b', 'c'].map((id) => room(id).url));
    expect(await made()).toEqual([
      ['GET /v1/rooms?limit=2'],
      ['GET /v1/rooms?limit=2&cursor=x%3D1%26y'],
      ['GET /v1/rooms?limit=2&cursor=next'],
    ]);
    answers = [json({ rooms: [room('a')], cursor: 'more' })];
    for await (const { url } of server.listRooms()) {
      expect(url).toBe(room('a').url);
      break;
    }
    expect(await made()).toEqual([['GET /v1/rooms']]);
  });
});

describe('participants', () => {
  it('are listed, read, changed and removed', async () => {
    const list = { participants: { p1: PARTICIPANT }, waiting: {} };
    answers = [json(list), json(PARTICIPANT), json(PARTICIPANT), nothing()];
    expect(await server.listParticipants('a')).toEqual(list);
    expect(await server.getParticipant('a', 'p1')).toEqual(PARTICIPANT);
    const changes = { role: 'moderator', blocked: ['camera'], metadata: { hand: null } } as const;
    expect(await server.updateParticipant('a', 'p1', changes)).toEqual(PARTICIPANT);
    expect(await server.removeParticipant('a', 'p1')).toBeUndefined();
    expect(await made()).toEqual([
      ['GET /v1/rooms/a/participants'],
      ['GET /v1/rooms/a/participants/p1'],
      ['PATCH /v1/rooms/a/participants/p1', changes],
      ['DELETE /v1/rooms/a/participants/p1'],
    ]);
  });

  it('are admitted, refused and invited', async () => {
    const invited = { token: 't', expires: '2026-11-23T00:00:00.000Z', signalling: 'wss://example.org/live' };
    answers = [nothing(), nothing(), json(invited, 201)];
    await server.admit('a', 'p1');
    await server.refuse('a', 'p2', { reason: 'too late' });
    expect(await server.inviteParticipant('a', { user: 'user://example.org/ben', moderate: true })).toEqual(invited);
    expect(await made()).toEqual([
      ['POST /v1/rooms/a/waiting/p1'],
      ['DELETE /v1/rooms/a/waiting/p2?reason=too+late'],
      ['POST /v1/rooms/a/participants', { user: 'user://example.org/ben', moderate: true }],
    ]);
  });

  it('are sent data', async () => {
    const message = { id: 'm', topic: 'chat', data: 'hello', sent: 't' };
    answers = [json(message, 201)];
    expect(await server.sendData('a', { topic: 'chat', data: 'hello', to: ['p1'] })).toEqual(message);
    expect(await made()).toEqual([['POST /v1/rooms/a/data', { topic: 'chat', data: 'hello', to: ['p1'] }]]);
  });
});

describe('a call', () => {
  it('keeps ids inside their segment of the path', async () => {
    await expect(server.getParticipant('../a', 'p/1?x')).rejects.toThrow();
    expect(await made()).toEqual([['GET /v1/rooms/..%2Fa/participants/p%2F1%3Fx']]);
  });

  it.each(['', '.', '..'])('is not made with %o for an id: it would be about something else', async (id) => {
    await expect(server.removeParticipant('a', id)).rejects.toMatchObject({ code: 'bad-request' });
    expect(await made()).toEqual([]);
  });

  it('brings its token', async () => {
    answers = [json(room('a'))];
    await server.getRoom('a');
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer token-1');
  });

  it('makes its token of the secret', async () => {
    answers = [json(room('a'))];
    await new HyperroomServer({ url: URL_OF_API, secret: 'the secret' }).getRoom('a');
    const token = requests[0]?.headers.get('authorization')?.replace('Bearer ', '') ?? '';
    const { payload } = await jwtVerify(token, new TextEncoder().encode('the secret'), { requiredClaims: ['exp'] });
    expect(payload).toMatchObject({ role: 'server', grants: { room: '*', create: true, moderate: true } });
  });

  it.each([
    [400, 'bad-request'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [409, 'conflict'],
    [429, 'too-fast'],
    [500, 'server-error'],
    [502, 'server-error'],
  ])('that is answered %i rejects as %s', async (status, code) => {
    answers = [json({ code, message: 'why' }, status)];
    await expect(server.getRoom('a')).rejects.toMatchObject({ name: 'HyperroomError', code, status, message: 'why' });
  });

  it('rejects as well when a gateway words the refusal', async () => {
    answers = [new Response('<html>', { status: 503 })];
    await expect(server.getRoom('a')).rejects.toMatchObject({ name: 'HyperroomError', status: 503 });
  });

  it.each([json({ rooms: 1 }), json(null), new Response('<html>'), nothing()])(
    'that is answered something else rejects as protocol-error',
    async (answer) => {
      answers = [answer];
      await expect(server.getRoom('a')).rejects.toMatchObject({ code: 'protocol-error' });
    },
  );

  it('that reaches nobody says why', async () => {
    const message = expect.stringContaining('ECONNREFUSED');
    await expect(server.getRoom('a')).rejects.toMatchObject({ code: 'connection-refused', message });
  });

  it('that loses its answer half way says why', async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('socket hang up')) });
    answers = [new Response(body)];
    const message = expect.stringContaining('socket hang up');
    await expect(server.getRoom('a')).rejects.toMatchObject({ code: 'connection-refused', message });
  });

  it('is aborted with the reason of its signal', async () => {
    const reason = new Error('not needed any more');
    await expect(server.getRoom('a', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(requests).toHaveLength(0);
    const abort = new AbortController();
    answers = [
      () => {
        abort.abort(reason);
        return Promise.reject(abort.signal.reason);
      },
    ];
    await expect(server.getRoom('a', { signal: abort.signal })).rejects.toBe(reason);
  });

  it('does not wait for ever', async () => {
    const deadline = new AbortController();
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(deadline.signal);
    answers = [
      () => {
        deadline.abort();
        return Promise.reject(deadline.signal.reason);
      },
    ];
    await expect(server.getRoom('a')).rejects.toMatchObject({ code: 'timeout' });
    expect(timeout).toHaveBeenCalledWith(30_000);
    timeout.mockRestore();
  });
});
