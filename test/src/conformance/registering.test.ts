import { describe, expect, it, vi } from 'vitest';
import {
  aHyperty,
  aHypertyUrl,
  anObject,
  anObjectUrl,
  connect,
  type Message,
  type Peer,
  REGISTRY,
  runtime,
  SESSION,
  SM,
  target,
  WAIT,
} from './peer.ts';

function register(peer: Peer, url: string, changes: object = {}): Promise<Message> {
  return peer.ask('create', url, REGISTRY, { value: aHyperty(peer, url, changes) });
}

async function statusOf(peer: Peer, url: string): Promise<unknown> {
  const { body } = await peer.ask('read', aHypertyUrl('reader'), REGISTRY, { resource: url });
  const { [url]: entry } = (body?.value ?? {}) as Record<string, { status: string }>;
  return { code: body?.code, status: entry?.status };
}

const LIVE = { code: 200, status: 'live' };
const DISCONNECTED = { code: 408, status: 'disconnected' };

describe('create', () => {
  it('registers a hyperty, and answers exactly 200', async () => {
    const peer = await connect();
    const url = aHypertyUrl();
    const answer = await register(peer, url);
    expect(answer).toEqual({ id: answer.id, type: 'response', from: REGISTRY, to: url, body: { code: 200 } });
    expect(await statusOf(peer, url)).toEqual(LIVE);
  });

  it('registers for whoever asks: a runtime, an older scheme, a name that is no URL', async () => {
    const { peer, url } = await runtime();
    const older = anObjectUrl('hyperty-instance');
    for (const from of [`${url}/registry`, 'hyper-1']) {
      expect((await peer.ask('create', from, `${REGISTRY}/`, { value: aHyperty(peer, older) })).body).toEqual({
        code: 200,
      });
    }
    expect(await statusOf(peer, older)).toEqual(LIVE);
  });

  it('registers under the names of older runtimes', async () => {
    const peer = await connect();
    const url = aHypertyUrl();
    const value = { user: peer.user, hypertyDescriptorURL: 'http://localhost/Hyperty', hypertyURL: url };
    expect((await peer.ask('create', 'hyper-1', REGISTRY, { value })).body).toEqual({ code: 200 });
    expect(await statusOf(peer, url)).toEqual(LIVE);
  });

  it('keeps what it does not know', async () => {
    const peer = await connect();
    const url = aHypertyUrl();
    const more = { p2pHandler: 'runtime://x/p2p', p2pRequester: 'runtime://x/req', legacy: { deep: [1, null] } };
    await register(peer, url, more);
    const { body } = await peer.ask('read', url, REGISTRY, { resource: url });
    expect(body?.value).toMatchObject({ [url]: { ...more, url, user: peer.user } });
  });

  it('registers a data object', async () => {
    const peer = await connect();
    const url = anObjectUrl();
    const answer = await peer.ask('create', url, REGISTRY, { value: anObject(peer, url) });
    expect(answer.body).toEqual({ code: 200 });
    expect(await statusOf(peer, url)).toEqual(LIVE);
  });

  it.each(['descriptor', 'resources', 'dataSchemes'])('refuses a hyperty without its %s with 400', async (field) => {
    const peer = await connect();
    const url = aHypertyUrl();
    expect((await register(peer, url, { [field]: undefined })).body).toMatchObject({
      code: 400,
      description: expect.any(String),
      desc: expect.any(String),
    });
    expect(await statusOf(peer, url)).toEqual({ code: 404 });
  });

  it.each(['name', 'schema', 'reporter'])('refuses a data object without its %s with 400', async (field) => {
    const peer = await connect();
    const url = anObjectUrl();
    const value = anObject(peer, url, { [field]: undefined });
    expect(await peer.code('create', url, REGISTRY, { value })).toBe(400);
  });

  it.each([
    ['no value', {}],
    ['a value that is no object', { value: 'x' }],
    ['resources that are no list', { resources: 'audio' }],
    ['a status of its own', { status: 'happy' }],
    ['an expiry of nothing', { expires: 0 }],
    ['a URL of another domain', { url: 'hyperty://elsewhere/x' }],
    ['a URL that is published to', { url: `${aHypertyUrl()}/changes` }],
  ])('refuses %s with 400', async (name, changes) => {
    const peer = await connect();
    const url = aHypertyUrl();
    const body = name.includes('value') ? changes : { value: aHyperty(peer, url, changes) };
    expect(await peer.code('create', url, REGISTRY, body)).toBe(400);
  });

  it('refuses the conference’s own URL with 403', async () => {
    const peer = await connect();
    expect((await register(peer, `hyperty://${target.domain}/conference`)).body?.code).toBe(403);
  });

  it('refuses a URL that another user has registered, live or disconnected', async () => {
    const peer = await connect();
    const thief = await connect('another');
    const url = aHypertyUrl();
    await register(peer, url);
    expect((await register(thief, url)).body).toMatchObject({
      code: 403,
      desc: expect.stringContaining('another user'),
    });
    expect(await statusOf(peer, url)).toEqual(LIVE);
    peer.drop();
    await vi.waitFor(async () => expect(await statusOf(thief, url)).toEqual(DISCONNECTED), WAIT);
    expect((await register(thief, url)).body?.code).toBe(403);
    const { body } = await thief.ask('read', url, REGISTRY, { resource: url });
    expect(body?.value).toMatchObject({ [url]: { user: peer.user } });
  });

  it('lets its user register anew: on the same socket, and on the next', async () => {
    const peer = await connect();
    const url = aHypertyUrl();
    await register(peer, url);
    expect((await register(peer, url, { resources: ['chat'] })).body).toEqual({ code: 200 });
    peer.drop();
    const next = await connect();
    await vi.waitFor(async () => {
      expect((await register(next, url, { user: peer.user })).body).toEqual({ code: 200 });
    }, WAIT);
    expect(await statusOf(next, url)).toEqual(LIVE);
  });

  it('outlives a routing subscription of the same address, before or after', async () => {
    const { peer, url: from } = await runtime();
    const url = aHypertyUrl();
    await peer.ask('subscribe', from, SM, { resources: [url] });
    await register(peer, url);
    await peer.ask('subscribe', from, SM, { resources: [url] });
    expect(await statusOf(peer, url)).toEqual(LIVE);
  });
});

describe('update', () => {
  it.each([
    ['the URL alone', {}],
    ['a status', { value: { status: 'live' }, method: 'refresh' }],
    ['a value that means nothing', { value: 'whatever', attribute: 'attribute' }],
  ])('keeps alive with %s', async (_, more) => {
    const peer = await connect();
    const url = aHypertyUrl();
    await register(peer, url, { expires: 1 });
    await vi.waitFor(async () => expect(await statusOf(peer, url)).toEqual(DISCONNECTED), WAIT);
    expect((await peer.ask('update', url, REGISTRY, { resource: url, ...more })).body).toEqual({ code: 200 });
    expect(await statusOf(peer, url)).toEqual(LIVE);
  });

  it.each([
    ['a hyperty', 'disconnected'],
    ['an object', { status: 'disconnected' }],
  ])('unregisters as %s does', async (_, value) => {
    const peer = await connect();
    const url = aHypertyUrl();
    await register(peer, url);
    const answer = await peer.ask('update', url, REGISTRY, { resource: url, value, attribute: 'status' });
    expect(answer.body).toEqual({ code: 200 });
    expect(await statusOf(peer, url)).toEqual(DISCONNECTED);
  });

  it.each([
    ['of what nobody registered', 404, 'somebody'],
    ['of another user’s', 403, 'another'],
  ] as const)('%s is refused with %i', async (_, code, who) => {
    const owner = await connect();
    const peer = await connect(who);
    const resource = aHypertyUrl();
    if (code === 403) await register(owner, resource);
    for (const value of [undefined, 'disconnected', { status: 'disconnected' }]) {
      expect(await peer.code('update', aHypertyUrl(), REGISTRY, { resource, value })).toBe(code);
    }
    if (code === 403) expect(await statusOf(owner, resource)).toEqual(LIVE);
  });

  it('of nothing is refused with 400', async () => {
    const peer = await connect();
    expect(await peer.code('update', aHypertyUrl(), REGISTRY, { value: 'disconnected' })).toBe(400);
  });
});

describe('expiry', () => {
  it('disconnects, and does not delete', async () => {
    const peer = await connect();
    const url = aHypertyUrl();
    await register(peer, url, { expires: 1 });
    expect(await statusOf(peer, url)).toEqual(LIVE);
    await vi.waitFor(async () => expect(await statusOf(peer, url)).toEqual(DISCONNECTED), WAIT);
  });

  it('is told to subscribers, once, when a reader finds it', async () => {
    const [peer, watcher] = [await connect(), await connect('another')];
    const url = aHypertyUrl();
    await register(peer, url, { expires: 1 });
    await watcher.ask('subscribe', 'watcher', SM, { resources: [`${url}/registration`] });
    await vi.waitFor(async () => expect(await statusOf(peer, url)).toEqual(DISCONNECTED), WAIT);
    expect((await watcher.arrival({ to: `${url}/registration` })).body).toEqual({
      value: 'disconnected',
      attribute: 'status',
    });
    await statusOf(peer, url);
    expect(await watcher.heard()).toHaveLength(1);
  });

  it('comes after an hour at the most', async () => {
    const peer = await connect();
    const url = aHypertyUrl();
    await register(peer, url, { expires: 100_000 });
    const { body } = await peer.ask('read', url, REGISTRY, { resource: url });
    expect(body?.value).toMatchObject({ [url]: { expires: 3600 } });
  });
});

describe('a session that is away', () => {
  it('reads as disconnected, and as live when it is back', async () => {
    const { peer, url: runtimeUrl, token } = await runtime();
    const url = aHypertyUrl();
    await register(peer, url);
    peer.drop();
    const back = await connect();
    await vi.waitFor(async () => expect(await statusOf(back, url)).toEqual(DISCONNECTED), WAIT);
    await back.ask('re-open', `${runtimeUrl}/${token}`, SESSION);
    expect(await statusOf(back, url)).toEqual(LIVE);
  });
});

describe('<url>/registration', () => {
  it('hears of each change of status, every subscriber once', async () => {
    const peer = await connect();
    const url = aHypertyUrl();
    const watchers = await Promise.all([connect(), connect('another')]);
    for (const [at, watcher] of watchers.entries()) {
      await watcher.ask('subscribe', `watcher-${at}`, SM, { resources: [`${url}/registration`] });
    }
    await register(peer, url);
    const keepAlive = () => peer.ask('update', url, REGISTRY, { resource: url });
    await keepAlive();
    await peer.ask('update', url, REGISTRY, { resource: url, value: 'disconnected', attribute: 'status' });
    for (const watcher of watchers) {
      const note = await watcher.arrival({ to: `${url}/registration` });
      expect(note).toEqual({
        id: note.id,
        type: 'update',
        from: REGISTRY,
        to: `${url}/registration`,
        body: { value: 'disconnected', attribute: 'status' },
      });
      expect(await watcher.heard()).toHaveLength(1);
    }
  });

  it('hears that a socket is gone, and that it is back', async () => {
    const { peer, url: runtimeUrl, token } = await runtime();
    const url = aHypertyUrl();
    const watcher = await connect('another');
    await register(peer, url);
    await watcher.ask('subscribe', 'watcher', SM, { resources: [`${url}/registration`] });
    peer.drop();
    await vi.waitFor(async () => expect(await watcher.heard()).toHaveLength(1), WAIT);
    const back = await connect();
    await back.ask('re-open', `${runtimeUrl}/${token}`, SESSION);
    await vi.waitFor(async () => {
      expect((await watcher.heard()).map(({ body }) => body?.value)).toEqual(['disconnected', 'live']);
    }, WAIT);
  });
});

describe('delete (ours)', () => {
  it('forgets an entry, for its user alone', async () => {
    const peer = await connect();
    const thief = await connect('another');
    const url = aHypertyUrl();
    await register(peer, url);
    expect(await thief.code('delete', url, REGISTRY, { resource: url })).toBe(403);
    expect(await peer.code('delete', url, REGISTRY, { resource: url })).toBe(200);
    expect(await statusOf(peer, url)).toEqual({ code: 404 });
    expect(await peer.code('delete', url, REGISTRY, { resource: url })).toBe(404);
  });
});

describe('extensions of ours', () => {
  it('give a URL to whoever brings none', async () => {
    const peer = await connect();
    const value = { ...aHyperty(peer, ''), url: undefined };
    const { body } = await peer.ask('create', 'hyper-1', REGISTRY, { value });
    expect(body).toEqual({ code: 200, value: { url: expect.stringMatching(/^hyperty:\/\//), expires: 3600 } });
  });

  it('let an ephemeral entry end with its socket', async () => {
    const peer = await connect();
    const url = aHypertyUrl();
    await register(peer, url, { ephemeral: true });
    peer.drop();
    const reader = await connect();
    await vi.waitFor(async () => expect(await statusOf(reader, url)).toEqual({ code: 404 }), WAIT);
  });
});
