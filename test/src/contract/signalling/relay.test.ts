import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aRegistration, at, type Signalling, startSignalling, WAIT } from './signalling.ts';

let signalling: Signalling;
beforeAll(async () => {
  signalling = await startSignalling(2);
});
afterAll(() => signalling.close());

async function pair(a: string, b: string) {
  const [ada, bob] = await Promise.all([signalling.client(), signalling.client()]);
  await Promise.all([ada.register(at.hyperty(a)), bob.register(at.hyperty(b))]);
  return { ada, bob };
}

describe('relaying', () => {
  it('hands a message over unchanged, unknown fields and via included', async () => {
    const { ada, bob } = await pair('ada-1', 'bob-1');
    const message = {
      id: 5,
      type: 'execute',
      from: at.hyperty('ada-1'),
      to: at.hyperty('bob-1'),
      body: { via: 'protostub://x', method: 'greet', params: [1, { deep: null }] },
      extra: true,
    };
    ada.send(message);
    await vi.waitFor(() => expect(bob.received).toContainEqual(message), WAIT);
    bob.send({ id: 5, type: 'response', from: at.hyperty('bob-1'), to: at.hyperty('ada-1'), body: { code: 200 } });
    expect((await ada.responseTo(5)).from).toBe(at.hyperty('bob-1'));
  });

  it('answers a request to nobody with 404, but never a response nor a change without a listener', async () => {
    const { ada } = await pair('ada-2', 'bob-2');
    const from = at.hyperty('ada-2');
    ada.send({ id: 'r', type: 'response', from, to: at.hyperty('nobody'), body: { code: 200 } });
    ada.send({ id: 'u', type: 'update', from, to: 'comm://elsewhere/x/changes', body: {} });
    const answer = await ada.ask({ type: 'read', from, to: at.hyperty('nobody') });
    expect(answer.body).toMatchObject({ code: 404 });
    const { journal } = await signalling.emulator.metrics();
    expect(journal.filter(({ routeKey }) => routeKey === '$default').length).toBeGreaterThanOrEqual(3);
    await vi.waitFor(() => expect(ada.received.map(({ id }) => id)).toEqual(expect.arrayContaining([answer.id])), WAIT);
    expect(ada.received.filter(({ id }) => id === 'r' || id === 'u')).toEqual([]);
  });

  it('refuses to speak for others, for the domain and for the messaging node', async () => {
    const { ada, bob } = await pair('ada-3', 'bob-3');
    for (const from of [at.hyperty('ada-3'), at.registry, 'mn:/session']) {
      const answer = await bob.ask({ type: 'execute', from, to: at.hyperty('ada-3'), body: {} });
      expect(answer.body?.code, from).toBe(403);
    }
    expect(ada.received.filter(({ type }) => type === 'execute')).toEqual([]);
  });

  it('lets an address that nobody owns speak', async () => {
    const { ada, bob } = await pair('ada-4', 'bob-4');
    bob.send({ id: 1, type: 'execute', from: 'hyperty-runtime://localhost/of-bob', to: at.hyperty('ada-4'), body: {} });
    await vi.waitFor(() => expect(ada.received.map(({ type }) => type)).toContain('execute'), WAIT);
  });

  it('frees the addresses of a socket that is gone', async () => {
    const { ada, bob } = await pair('ada-5', 'bob-5');
    bob.socket.terminate();
    const answer = await ada.ask({ type: 'read', from: at.hyperty('ada-5'), to: at.hyperty('bob-5') });
    expect(answer.body?.code).toBe(404);
    await vi.waitFor(async () => expect((await ada.register(at.hyperty('bob-5'))).body?.code).toBe(200), WAIT);
  });
});

describe('bad frames', () => {
  it.each([
    ['not JSON', 'hello', 'JSON'],
    ['an empty batch', '[]', 'batch'],
    ['a batch of 33', JSON.stringify(Array(33).fill({})), 'batch'],
    ['a number', '7', 'Expected Object'],
    ['no id', JSON.stringify({ type: 'read', from: 'hyperty://localhost/x', to: at.registry }), 'id'],
    [
      'an unknown type',
      JSON.stringify({ id: 1, type: 'steal', from: 'hyperty://localhost/x', to: at.registry }),
      'steal',
    ],
    ['no addressee', JSON.stringify({ id: 1, type: 'read', from: 'hyperty://localhost/x' }), 'to'],
    ['a body that is no object', JSON.stringify({ id: 1, type: 'read', from: 'a://b', to: 'a://c', body: 3 }), 'body'],
  ])('answers %s with 400 and what is wrong', async (_, frame, hint) => {
    const peer = await signalling.client();
    peer.sendText(frame);
    await vi.waitFor(() => expect(peer.received).toHaveLength(1), WAIT);
    const body = peer.received[0]?.body;
    expect(body).toMatchObject({ code: 400, description: expect.stringContaining(hint) });
    expect(body?.desc).toBe(body?.description);
  });

  it('handles the good messages of a batch beside the bad ones, and answers in order', async () => {
    const peer = await signalling.client();
    const url = at.hyperty('survivor');
    peer.send(
      { id: 1, type: 'nonsense' },
      { id: 2, type: 'create', from: url, to: at.registry, body: { value: aRegistration(url) } },
    );
    await vi.waitFor(() => expect(peer.received).toHaveLength(2), WAIT);
    expect(peer.received.map(({ id, body }) => [id, body?.code])).toEqual([
      [1, 400],
      [2, 200],
    ]);
    expect(peer.frames).toHaveLength(1);
  });

  it('closes the socket of who sends 200 kB, and nobody else’s', async () => {
    const [peer, bystander] = await Promise.all([signalling.client(), signalling.client()]);
    peer.sendText(JSON.stringify({ id: 1, filler: 'x'.repeat(200_000) }));
    await vi.waitFor(() => expect(peer.closeCode).toBe(1009), WAIT);
    expect((await bystander.register(at.hyperty('bystander'))).body?.code).toBe(200);
  });
});
