import { describe, expect, it, vi } from 'vitest';
import {
  ALLOCATION,
  aHypertyUrl,
  allocatedBy,
  anObjectUrl,
  aRuntimeUrl,
  connect,
  type Message,
  type Peer,
  runtime,
  SESSION,
  SM,
  WAIT,
} from './peer.ts';

const INCORRECT = { code: 500, desc: 'Reconnection fail. Incorrect runtime token!' };

/** Says something to an address until it is heard: what a socket's end sets free takes its time. */
async function reaches(speaker: Peer, listener: Peer, to: string): Promise<Message> {
  const from = aHypertyUrl('speaker');
  return vi.waitFor(
    async () => {
      speaker.send({ id: 'hello', type: 'execute', from, to, body: {} });
      await speaker.settle();
      const found = listener.received.find((message) => message.from === from);
      expect(found).toBeDefined();
      return found as Message;
    },
    { ...WAIT, interval: 50 },
  );
}

async function allocate({ peer, url }: { peer: Peer; url: string }): Promise<string> {
  const answer = await peer.ask('create', `${url}/registry/allocation`, ALLOCATION, { value: { number: 1 } });
  return allocatedBy(answer)[0] ?? '';
}

describe('open', () => {
  it('is answered with a runtime token, within 3 s of the first connection', async () => {
    const began = performance.now();
    const { url, answer } = await runtime();
    expect(performance.now() - began).toBeLessThan(3000);
    expect(answer).toEqual({
      id: answer.id,
      type: 'response',
      from: SESSION,
      to: url,
      body: { code: 200, runtimeToken: expect.stringMatching(/^[\da-f]{8}-[\da-f-]{27}$/) },
    });
  });

  it('takes a runtime of any name', async () => {
    const peer = await connect();
    for (const from of ['runtime:/alice1', 'runtime:/alice1', 'runtime://localhost/1']) {
      expect(await peer.code('open', from, SESSION)).toBe(200);
    }
  });

  it('makes the session reachable at its runtime and at <runtime>/sm', async () => {
    const { peer, url } = await runtime();
    const { peer: other } = await runtime();
    await reaches(other, peer, url);
    await reaches(other, peer, `${url}/sm`);
  });

  it('of a known runtime gives neither its token nor its messages', async () => {
    const { peer, url, token } = await runtime();
    const thief = await runtime('another', url);
    expect(thief.answer.body).toMatchObject({ code: 200, runtimeToken: expect.any(String) });
    expect(thief.token).not.toBe(token);
    await reaches(thief.peer, peer, url);
    await reaches(thief.peer, peer, `${url}/sm`);
    expect(await thief.peer.heard()).toEqual([]);
  });

  it('of a known runtime that is away does not end its session', async () => {
    const first = await runtime();
    const address = await allocate(first);
    first.peer.drop();
    await runtime('another', first.url);
    const back = await connect();
    expect(await back.code('re-open', `${first.url}/${first.token}`, SESSION)).toBe(200);
    await reaches(back, back, address);
    await reaches(back, back, first.url);
  });
});

describe('re-open', () => {
  it('brings addresses and subscriptions of a dropped socket back, on the new one', async () => {
    const first = await runtime();
    const allocated = await allocate(first);
    const minted = aHypertyUrl('minted');
    const changes = `${anObjectUrl()}/changes`;
    expect(await first.peer.code('subscribe', first.url, SM, { resources: [minted, changes] })).toBe(200);
    first.peer.drop();

    const back = await connect();
    const answer = await back.ask('re-open', `${first.url}/${first.token}`, SESSION);
    expect(answer).toEqual({
      id: answer.id,
      type: 'response',
      from: SESSION,
      to: `${first.url}/${first.token}`,
      body: { code: 200 },
    });
    const { peer: other } = await runtime('another');
    for (const address of [allocated, minted, changes, first.url, `${first.url}/sm`]) {
      await reaches(other, back, address);
    }
  });

  it('takes a session over from a socket that its runtime has given up', async () => {
    const first = await runtime();
    const address = await allocate(first);
    const next = await connect();
    expect(await next.code('re-open', `${first.url}/${first.token}`, SESSION)).toBe(200);
    await reaches(next, next, address);
    expect(await first.peer.heard()).toEqual([]);
  });

  it('is refused without the right token, and takes nothing', async () => {
    const { peer, url, token } = await runtime();
    const strange = await runtime('another');
    const attempts = [
      url,
      `${url}/`,
      `${url}/${crypto.randomUUID()}`,
      `${url}/${strange.token}`,
      `${strange.url}/${token}`,
      // A runtime whose name begins like another's is another runtime.
      `${url}0/${token}`,
      `${url.slice(0, -1)}/${token}`,
      `${url}/more/${token}`,
      `/${token}`,
      aRuntimeUrl(),
    ];
    for (const from of attempts) {
      expect((await strange.peer.ask('re-open', from, SESSION)).body, from).toMatchObject(INCORRECT);
    }
    await reaches(strange.peer, peer, url);
    expect(await strange.peer.heard()).toEqual([]);
  });
});

describe('close', () => {
  it('is not answered: the server closes the socket with 1000', async () => {
    const { peer, url, token } = await runtime();
    const before = peer.received.length;
    peer.send({ id: 3, type: 'close', from: `${url}/${token}`, to: SESSION });
    expect(await peer.closed()).toBe(1000);
    expect(peer.received).toHaveLength(before);
  });

  it('frees addresses and subscriptions, and ends the token', async () => {
    const first = await runtime();
    const allocated = await allocate(first);
    const minted = aHypertyUrl('minted');
    await first.peer.ask('subscribe', first.url, SM, { resources: [minted, `${minted}/changes`] });
    first.peer.send({ id: 3, type: 'close', from: `${first.url}/${first.token}`, to: SESSION });
    await first.peer.closed();

    const { peer, url } = await runtime('another');
    for (const to of [allocated, minted, `${minted}/changes`, first.url, `${first.url}/sm`]) {
      expect(await peer.code('read', url, to), to).toBe(404);
    }
    expect(await peer.code('subscribe', url, SM, { resources: [minted] })).toBe(200);
    expect(await peer.code('re-open', `${first.url}/${first.token}`, SESSION)).toBe(500);
  });

  it('of another session is refused', async () => {
    const { peer, url, token } = await runtime();
    const strange = await runtime('another');
    for (const from of [url, `${url}/${crypto.randomUUID()}`, `${url}/${token}`]) {
      expect(await strange.peer.code('close', from, SESSION), from).toBe(403);
    }
    expect(peer.closeCode).toBeUndefined();
    await reaches(strange.peer, peer, url);
  });
});

describe('mn:/session', () => {
  it('answers what it does not know with 400', async () => {
    const peer = await connect();
    expect((await peer.ask('create', aRuntimeUrl(), SESSION)).body).toMatchObject({
      code: 400,
      description: expect.any(String),
      desc: expect.any(String),
    });
  });
});
