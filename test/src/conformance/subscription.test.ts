import { describe, expect, it, vi } from 'vitest';
import { aHypertyUrl, anObjectUrl, connect, runtime, SESSION, SM, WAIT } from './peer.ts';

describe('subscribe', () => {
  it.each(['hyperty://', 'connection://', 'comm://', 'resource://', 'user-guid://'])(
    'binds a %s address',
    async (scheme) => {
      const { peer, url } = await runtime();
      const { peer: other, url: from } = await runtime('another');
      const address = anObjectUrl(scheme.slice(0, -3));
      const answer = await peer.ask('subscribe', `${url}/sm`, SM, { resources: [address], source: aHypertyUrl() });
      expect(answer).toEqual({ id: answer.id, type: 'response', from: SM, to: `${url}/sm`, body: { code: 200 } });
      other.send({ id: 1, type: 'read', from, to: address });
      expect(await peer.arrival({ to: address })).toEqual({ id: 1, type: 'read', from, to: address });
    },
  );

  it('takes the older spelling, whatever else stands beside it', async () => {
    const { peer, url } = await runtime();
    const object = anObjectUrl('resource');
    const subscribe = [object, `${object}/changes`];
    expect((await peer.ask('subscribe', url, SM, { resource: object, subscribe })).body).toEqual({ code: 200 });
    for (const to of subscribe) {
      peer.send({ id: to, type: 'ping', from: 'publisher', to });
      expect(await peer.arrival({ id: to })).toEqual({ id: to, type: 'ping', from: 'publisher', to });
    }
  });

  it('delivers to every subscriber, the sender among them, once each', async () => {
    const runtimes = await Promise.all([runtime(), runtime(), runtime('another')]);
    const changes = `${anObjectUrl()}/changes`;
    for (const { peer, url } of runtimes) {
      // Twice is once.
      await peer.ask('subscribe', url, SM, { resources: [changes] });
      await peer.ask('subscribe', url, SM, { resources: [changes] });
    }
    const [first] = runtimes;
    first?.peer.send({ id: 1, type: 'update', from: first.url, to: changes, body: { version: 1 } });
    for (const { peer } of runtimes) {
      await peer.arrival({ to: changes });
      expect(await peer.heard()).toHaveLength(1);
    }
  });

  it('delivers to exactly the address that was named', async () => {
    const { peer, url } = await runtime();
    const object = anObjectUrl();
    await peer.ask('subscribe', url, SM, { resources: [`${object}/changes`, `${object}/children/`] });
    for (const to of [object, `${object}/subscription`, `${object}/changes/more`, `${object}/children`]) {
      expect(await peer.code('read', url, to), to).toBe(404);
    }
    expect(await peer.heard()).toEqual([]);
  });

  it('of an address that somebody else has is refused, the rest of its list with it', async () => {
    const { peer, url } = await runtime();
    const { peer: thief, url: from } = await runtime('another');
    const address = aHypertyUrl();
    const own = aHypertyUrl();
    await peer.ask('subscribe', url, SM, { resources: [address] });
    for (const resources of [[address], [url], [`${url}/sm`], [`${own}/changes`, address]]) {
      const answer = await thief.ask('subscribe', from, SM, { resources });
      expect(answer.body, String(resources)).toMatchObject({ code: 403, description: expect.any(String) });
    }
    peer.send({ id: 1, type: 'execute', from: url, to: address, body: {} });
    await peer.arrival({ type: 'execute' });
    expect(await peer.code('read', url, `${own}/changes`)).toBe(404);
    expect(await thief.heard()).toEqual([]);
  });

  it('of an address whose session is away is refused, and served when it is back', async () => {
    const { peer, url, token } = await runtime();
    const { peer: thief, url: from } = await runtime('another');
    const address = aHypertyUrl();
    await peer.ask('subscribe', url, SM, { resources: [address] });
    peer.drop();
    // Requests fail once the socket's end is known; the address is not given away for that.
    await vi.waitFor(async () => expect(await thief.code('read', from, address)).toBe(404), WAIT);
    expect(await thief.code('subscribe', from, SM, { resources: [address] })).toBe(403);
    const back = await connect();
    await back.ask('re-open', `${url}/${token}`, SESSION);
    thief.send({ id: 1, type: 'read', from, to: address });
    await back.arrival({ to: address });
  });

  it('serves a runtime that comes back as new, its old session forgotten', async () => {
    const first = await runtime();
    const address = anObjectUrl('resource');
    await first.peer.ask('subscribe', first.url, SM, { resources: [address] });
    first.peer.drop();
    const again = await runtime('somebody', first.url);
    await vi.waitFor(async () => {
      expect(await again.peer.code('subscribe', again.url, SM, { resources: [address] })).toBe(200);
    }, WAIT);
    again.peer.send({ id: 1, type: 'ping', from: 'publisher', to: address });
    await again.peer.arrival({ type: 'ping' });
  });

  it.each([
    ['nothing', {}],
    ['an empty list', { resources: [] }],
    ['no list', { resources: 'hyperty://x/y' }],
    ['what is no address', { resources: ['two words'] }],
    ['a number', { subscribe: [7] }],
  ])('to %s is answered with 400', async (_, body) => {
    const { peer, url } = await runtime();
    expect(await peer.code('subscribe', url, SM, body)).toBe(400);
  });
});

describe('unsubscribe', () => {
  it.each(['resources', 'unsubscribe'])('ends what is listed under %s, for its sender alone', async (field) => {
    const { peer, url } = await runtime();
    const { peer: other, url: from } = await runtime('another');
    const address = aHypertyUrl();
    const changes = `${address}/changes`;
    await peer.ask('subscribe', url, SM, { resources: [address, changes] });
    await other.ask('subscribe', from, SM, { resources: [changes] });
    const answer = await peer.ask('unsubscribe', url, SM, { [field]: [address, changes] });
    expect(answer.body).toEqual({ code: 200 });
    other.send({ id: 1, type: 'update', from, to: changes, body: {} });
    await other.arrival({ to: changes });
    expect(await peer.heard()).toEqual([]);
    expect(await other.code('read', from, address)).toBe(404);
  });

  it('from what was never subscribed, or is another’s, changes nothing', async () => {
    const { peer, url } = await runtime();
    const { peer: other, url: from } = await runtime('another');
    const address = aHypertyUrl();
    await peer.ask('subscribe', url, SM, { resources: [address] });
    for (const resources of [[address], [`${aHypertyUrl()}/changes`]]) {
      expect(await other.code('unsubscribe', from, SM, { resources })).toBe(200);
    }
    other.send({ id: 1, type: 'execute', from, to: address, body: {} });
    await peer.arrival({ to: address });
  });

  it('is done for a plain socket when it ends', async () => {
    const peer = await connect();
    const changes = `${anObjectUrl()}/changes`;
    await peer.ask('subscribe', 'plain', SM, { resources: [changes] });
    peer.drop();
    const { peer: other, url } = await runtime('another');
    await vi.waitFor(async () => expect(await other.code('read', url, changes)).toBe(404), WAIT);
  });
});

describe('/sm', () => {
  it('answers what it does not know with 400', async () => {
    const { peer, url } = await runtime();
    expect(await peer.code('read', url, SM, { resources: ['x'] })).toBe(400);
  });
});
