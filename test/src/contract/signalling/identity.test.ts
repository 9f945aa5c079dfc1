import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aRegistration, at, type Peer, type Signalling, startSignalling, type TokenInput, WAIT } from './signalling.ts';

/* Users with tokens beside sessions without: what a token vouches for is never a matter of names. */

let signalling: Signalling;
beforeAll(async () => {
  signalling = await startSignalling(6);
});
afterAll(() => signalling.close());

const ADA: TokenInput = { sub: 'user://localhost/ada', role: 'participant' };
const BOB: TokenInput = { sub: 'user://localhost/bob', role: 'participant' };

async function register(peer: Peer, url: string, changes: object = {}): Promise<unknown> {
  const value = aRegistration(url, { ephemeral: false, ...changes });
  return (await peer.ask({ type: 'create', from: url, to: at.registry, body: { value } })).body?.code;
}

async function entry(peer: Peer, url: string) {
  const { body } = await peer.ask({ type: 'read', from: 'reader', to: at.registry, body: { resource: url } });
  const { [url]: found } = (body?.value ?? {}) as Record<string, { user: string; status: string }>;
  return found;
}

async function subscribe(peer: Peer, ...resources: string[]): Promise<unknown> {
  const to = at.subscriptions;
  return (await peer.ask({ type: 'subscribe', from: 'subscriber', to, body: { resources } })).body?.code;
}

async function open(peer: Peer, runtime: string): Promise<string> {
  const { body } = await peer.ask({ type: 'open', from: runtime, to: 'mn:/session' });
  return `${runtime}/${body?.runtimeToken}`;
}

describe('a registration', () => {
  it('of a token’s user is not for who merely says that he is the same, not even once its socket is gone', async () => {
    const url = at.hyperty('vouched');
    const [ada, impostor] = await Promise.all([signalling.client(ADA), signalling.client()]);
    expect(await register(ada, url)).toBe(200);
    expect(await register(impostor, url, { user: ADA.sub })).toBe(403);
    ada.socket.terminate();
    await vi.waitFor(async () => expect((await entry(impostor, url))?.status).toBe('disconnected'), WAIT);
    expect(await register(impostor, url, { user: ADA.sub })).toBe(403);
    expect(await subscribe(impostor, url)).toBe(403);
    expect((await entry(impostor, url))?.user).toBe(ADA.sub);
    const back = await signalling.client(ADA);
    expect(await register(back, url)).toBe(200);
  });

  it('in a user’s name that no token vouches for gives way to who has the token', async () => {
    const url = at.hyperty('claimed');
    const [impostor, ada] = await Promise.all([signalling.client(), signalling.client(ADA)]);
    expect(await register(impostor, url, { user: ADA.sub })).toBe(200);
    expect(await register(ada, url)).toBe(200);
    const from = at.hyperty('asker');
    impostor.send({ id: 'ask', type: 'execute', from, to: url, body: {} });
    await vi.waitFor(() => expect(ada.received.map(({ id }) => id)).toContain('ask'), WAIT);
  });

  it('in another’s name is refused to who has a token', async () => {
    const bob = await signalling.client(BOB);
    expect(await register(bob, at.hyperty('other'), { user: ADA.sub })).toBe(403);
  });

  it('is ended by its user from another connection, by nobody else', async () => {
    const url = at.hyperty('ended');
    const [ada, second, bob] = await Promise.all([ADA, ADA, BOB].map((claims) => signalling.client(claims)));
    await register(ada as Peer, url);
    const body = { resource: url, value: 'disconnected', attribute: 'status' };
    const end = { type: 'update', from: 'x', to: at.registry, body };
    expect((await bob?.ask(end))?.body?.code).toBe(403);
    expect((await second?.ask(end))?.body?.code).toBe(200);
  });
});

describe('a session that waits for its re-open', () => {
  it('keeps its addresses from other users, and from the same runtime without the token', async () => {
    const runtime = 'hyperty-runtime://localhost/waiting';
    const address = at.hyperty('waiting');
    const ada = await signalling.client(ADA);
    const session = await open(ada, runtime);
    expect(await subscribe(ada, address)).toBe(200);
    ada.socket.terminate();
    for (const claims of [BOB, undefined]) {
      const thief = await signalling.client(claims);
      await open(thief, runtime);
      await vi.waitFor(async () => {
        const answer = await thief.ask({ type: 'read', from: 'x', to: address });
        expect(answer.body?.code).toBe(404);
      }, WAIT);
      expect(await subscribe(thief, address)).toBe(403);
      const reopen = await thief.ask({ type: 're-open', from: session, to: 'mn:/session' });
      expect(reopen.body?.code).toBe(500);
    }
    const back = await signalling.client(ADA);
    expect((await back.ask({ type: 're-open', from: session, to: 'mn:/session' })).body?.code).toBe(200);
    back.send({ id: 'hello', type: 'execute', from: address, to: address, body: {} });
    await vi.waitFor(() => expect(back.received.map(({ id }) => id)).toContain('hello'), WAIT);
  });

  it('takes back what its runtime had bound anew', async () => {
    const runtime = 'hyperty-runtime://localhost/reloaded';
    const address = at.hyperty('reloaded');
    const first = await signalling.client();
    const session = await open(first, runtime);
    await subscribe(first, address);
    first.socket.terminate();
    const reloaded = await signalling.client();
    await open(reloaded, runtime);
    await vi.waitFor(async () => expect(await subscribe(reloaded, address)).toBe(200), WAIT);
    const back = await signalling.client();
    expect((await back.ask({ type: 're-open', from: session, to: 'mn:/session' })).body?.code).toBe(200);
    const speaker = await signalling.client();
    for (const to of [address, runtime]) speaker.send({ id: to, type: 'execute', from: 'speaker', to, body: {} });
    await vi.waitFor(() => {
      expect(back.received.map(({ id }) => id)).toEqual(expect.arrayContaining([address, runtime]));
    }, WAIT);
    expect(reloaded.received.filter(({ type }) => type === 'execute')).toEqual([]);
  });

  it('survives a re-open that races its socket’s end, again and again', async () => {
    const runtime = 'hyperty-runtime://localhost/flapping';
    const url = at.hyperty('flapping');
    let peer = await signalling.client();
    const session = await open(peer, runtime);
    await register(peer, url);
    for (let round = 0; round < 8; round++) {
      const next = await signalling.client();
      peer.socket.terminate();
      expect((await next.ask({ type: 're-open', from: session, to: 'mn:/session' })).body?.code).toBe(200);
      peer = next;
    }
    const id = 'still';
    peer.send({ id, type: 'execute', from: 'x', to: url, body: {} });
    await vi.waitFor(() => expect(peer.received.map((message) => message.id)).toContain(id), WAIT);
  });
});
