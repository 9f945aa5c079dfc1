import { describe, expect, it, vi } from 'vitest';
import {
  ALLOCATION,
  aHypertyUrl,
  anObjectUrl,
  connect,
  REGISTRY,
  runtime,
  SESSION,
  SM,
  target,
  unique,
  WAIT,
} from './peer.ts';

const { domain } = target;

/** Two sessions, each with a hyperty. */
async function pair() {
  const [a, b] = await Promise.all([runtime(), runtime('another')]);
  const [ada, bob] = [aHypertyUrl('ada'), aHypertyUrl('bob')];
  await Promise.all([
    a.peer.ask('subscribe', a.url, SM, { resources: [ada] }),
    b.peer.ask('subscribe', b.url, SM, { resources: [bob] }),
  ]);
  return { a: { ...a, hyperty: ada }, b: { ...b, hyperty: bob } };
}

describe('a message', () => {
  it.each([1, 'text', '1', -7.5])('with the id %j is relayed as it is, and so is its response', async (id) => {
    const { a, b } = await pair();
    const request = {
      id,
      type: 'execute',
      from: a.hyperty,
      to: b.hyperty,
      body: { via: 'protostub://x', source: a.hyperty, method: 'greet', params: [1, { deep: null }] },
      extra: { of: 'ours' },
    };
    a.peer.send(request);
    expect(await b.peer.arrival({ to: b.hyperty })).toEqual(request);
    const response = {
      id,
      type: 'response',
      from: b.hyperty,
      to: a.hyperty,
      body: { code: 200, via: 'protostub://y' },
    };
    b.peer.send(response);
    expect(await a.peer.arrival({ to: a.hyperty })).toEqual(response);
  });

  it.each(['create', 'update', 'delete', 'read', 'subscribe', 'unsubscribe', 'forward', 'execute', 'ping', 'pong'])(
    'of type %s reaches whoever owns its address, who alone answers',
    async (type) => {
      const { a, b } = await pair();
      a.peer.send({ id: 1, type, from: a.hyperty, to: b.hyperty });
      expect(await b.peer.arrival({ type })).toEqual({ id: 1, type, from: a.hyperty, to: b.hyperty });
      const before = a.peer.received.length;
      await a.peer.settle();
      expect(a.peer.received).toHaveLength(before);
    },
  );

  it('may come from an address that nobody owns, and be no URL at all', async () => {
    const { a, b } = await pair();
    for (const from of [
      aHypertyUrl('free'),
      unique('publisher'),
      `runtime:/${unique('alice')}`,
      `hyperty://${unique('no-domain')}`,
    ]) {
      a.peer.send({ id: from, type: 'ping', from, to: b.hyperty });
      await b.peer.arrival({ id: from, from });
    }
  });

  it('goes to the components at their addresses, with a trailing slash or without', async () => {
    const { a } = await pair();
    for (const to of [SM, ALLOCATION, REGISTRY, SESSION]) {
      expect(await a.peer.code('execute', a.url, to), to).toBe(400);
      expect(await a.peer.ask('execute', a.url, `${to}/`)).toMatchObject({ from: `${to}/`, body: { code: 400 } });
      expect(await a.peer.code('execute', a.url, `${to}/more`), to).toBe(404);
    }
  });
});

describe('a message to nobody', () => {
  it.each(['create', 'update', 'delete', 'read', 'subscribe', 'unsubscribe', 'forward', 'execute'])(
    'is answered with 404 if it is a request: %s',
    async (type) => {
      const { peer, url } = await runtime();
      const to = aHypertyUrl('nobody');
      const answer = await peer.ask(type, url, to);
      expect(answer).toMatchObject({ from: to, to: url });
      expect(answer.body).toEqual({ code: 404, description: expect.any(String), desc: answer.body?.description });
    },
  );

  it('is not answered if it is a response, or a change that nobody listens to', async () => {
    const { peer, url } = await runtime();
    const before = peer.received.length;
    peer.send({ id: 1, type: 'response', from: url, to: aHypertyUrl('nobody'), body: { code: 200 } });
    peer.send({ id: 2, type: 'update', from: url, to: `${anObjectUrl()}/changes`, body: { version: 1 } });
    for (const to of [SM, ALLOCATION, REGISTRY, SESSION]) {
      peer.send({ id: 3, type: 'response', from: url, to, body: { code: 200 } });
    }
    await peer.settle();
    expect(peer.received).toHaveLength(before);
  });

  it('is answered with 404 when the socket that owned its address is gone', async () => {
    const { a, b } = await pair();
    b.peer.drop();
    await vi.waitFor(async () => expect(await a.peer.code('read', a.hyperty, b.hyperty)).toBe(404), WAIT);
  });
});

describe('nobody speaks', () => {
  it('as somebody else', async () => {
    const { a, b } = await pair();
    for (const from of [a.hyperty, a.url, `${a.url}/sm`]) {
      expect((await b.peer.ask('execute', from, a.hyperty)).body, from).toMatchObject({
        code: 403,
        description: expect.any(String),
        desc: expect.any(String),
      });
    }
    expect(await a.peer.heard()).toEqual([]);
  });

  it('as the domain, the messaging node, the conference or a room, to whomever', async () => {
    const { a, b } = await pair();
    const reserved = [
      REGISTRY,
      `domain://msg-node.${domain}/sm`,
      'domain://elsewhere',
      'DOMAIN://elsewhere',
      SESSION,
      'mn:/anything',
      `hyperty://${domain}/conference`,
    ];
    for (const from of reserved) {
      for (const to of [a.hyperty, REGISTRY, SM]) expect(await b.peer.code('read', from, to), from).toBe(403);
    }
    expect(await b.peer.code('update', `comm://${domain}/some-room`, a.hyperty)).toBe(403);
    expect(await a.peer.heard()).toEqual([]);
  });

  it('as an object that another reports', async () => {
    const { a, b } = await pair();
    const object = anObjectUrl();
    await a.peer.ask('subscribe', a.url, SM, { resources: [object, `${object}/subscription`] });
    await a.peer.ask('subscribe', a.url, SM, { resources: [`${object}/changes`] });
    for (const from of [object, `${object}/subscription`]) {
      expect(await b.peer.code('update', from, `${object}/changes`), from).toBe(403);
    }
    expect(await a.peer.heard()).toEqual([]);
  });
});

describe('no frame is unsolicited', () => {
  it('one comes for each request, and none besides', async () => {
    const { peer, url, token } = await runtime();
    expect(peer.received).toHaveLength(1);
    const address = aHypertyUrl();
    await peer.ask('subscribe', url, SM, { resources: [address, `${address}/changes`] });
    await peer.ask('create', url, ALLOCATION, { value: { number: 3 } });
    peer.send({ id: 'own', type: 'update', from: address, to: `${address}/changes`, body: {} });
    await peer.arrival({ id: 'own' });
    await peer.settle();
    expect(peer.received).toHaveLength(4);
    expect(peer.received.every((frame) => !Array.isArray(frame))).toBe(true);
    const back = await connect();
    await back.ask('re-open', `${url}/${token}`, SESSION);
    await back.settle();
    expect(back.received).toHaveLength(1);
  });
});

describe('a frame of several messages (ours)', () => {
  it('is handled in order: what it relays arrives in order, in frames of one message', async () => {
    const { a, b } = await pair();
    const ids = Array.from({ length: 32 }, (_, at) => `in-order-${at}`);
    const messages = ids.map((id) => ({ id, type: 'execute', from: a.hyperty, to: b.hyperty }));
    a.peer.socket.send(JSON.stringify(messages));
    await b.peer.arrival({ id: ids.at(-1) ?? '' });
    expect(b.peer.received.map(({ id }) => id)).toEqual([...b.peer.received.slice(0, 2).map(({ id }) => id), ...ids]);
  });
});

describe('a frame that is no message', () => {
  it.each([
    ['no JSON', 'hello'],
    ['a number', '7'],
    ['nothing', 'null'],
    ['an id of another kind', '{"id":{},"type":"read","from":"a","to":"b"}'],
    ['no type', '{"id":1,"from":"a","to":"b"}'],
    ['no sender', '{"id":1,"type":"read","to":"b"}'],
    ['an address with white space', '{"id":1,"type":"read","from":"a b","to":"b"}'],
    ['a body that is no object', '{"id":1,"type":"read","from":"a","to":"b","body":3}'],
  ])('%s: is answered with 400, in both spellings', async (_, frame) => {
    const peer = await connect();
    peer.socket.send(frame);
    const { body } = await peer.arrival({ type: 'response' });
    expect(body).toEqual({ code: 400, description: expect.any(String), desc: body?.description });
    await peer.settle();
    expect(peer.received).toHaveLength(1);
  });
});
