import { describe, expect, it } from 'vitest';
import { ALLOCATION, allocatedBy, type Peer, runtime, target, unique } from './peer.ts';

const { domain } = target;
const HYPERTY_ALLOCATION = `domain://msg-node.${domain}/hyperty-address-allocation`;
const OBJECT_ALLOCATION = `domain://msg-node.${domain}/object-address-allocation`;

async function allocate(peer: Peer, from: string, body: object, to = ALLOCATION): Promise<string[]> {
  const answer = await peer.ask('create', from, to, body);
  expect(answer).toMatchObject({ from: to, to: from, body: { code: 200 } });
  return allocatedBy(answer);
}

/** Asks at each address: nobody is there where it has been freed. */
async function freed(peer: Peer, from: string, addresses: readonly string[]): Promise<boolean[]> {
  const there: boolean[] = [];
  for (const to of addresses) {
    peer.send({ id: to, type: 'read', from, to });
    const answer = await Promise.race([peer.arrival({ id: to, type: 'response' }), peer.arrival({ id: to, to })]);
    there.push(answer.type === 'response' && answer.body?.code === 404);
  }
  return there;
}

describe('create', () => {
  it('gives one address, of the scheme hyperty unless another is named', async () => {
    const { peer, url } = await runtime();
    const [hyperty, ...more] = await allocate(peer, url, { value: { number: 1 } });
    expect(more).toEqual([]);
    expect(hyperty).toMatch(new RegExp(`^hyperty://${domain}/[\\da-f-]{36}$`));
    const [connection] = await allocate(peer, url, { scheme: 'connection', value: { number: 1 } });
    expect(connection).toMatch(new RegExp(`^connection://${domain}/[\\da-f-]{36}$`));
  });

  it('gives a block, each address once, and each reachable', async () => {
    const { peer, url } = await runtime();
    const allocated = await allocate(peer, url, { scheme: 'comm', value: { number: 20 } });
    expect(new Set(allocated).size).toBe(20);
    for (const to of allocated) peer.send({ id: to, type: 'execute', from: url, to, body: {} });
    for (const to of allocated) await peer.arrival({ type: 'execute', to });
  });

  it('answers at the addresses of older runtimes, the number beside the value or inside', async () => {
    const { peer, url } = await runtime();
    const [ignored] = await allocate(peer, url, { scheme: 'IGNORED', value: { number: 1 } }, HYPERTY_ALLOCATION);
    expect(ignored).toMatch(/^hyperty:\/\//);
    const [object] = await allocate(peer, url, { scheme: 'fake', value: { number: 1 } }, OBJECT_ALLOCATION);
    expect(object).toMatch(/^fake:\/\//);
    const answer = await peer.ask('create', url, HYPERTY_ALLOCATION, { number: 2 });
    expect(answer.body?.allocated).toHaveLength(2);
  });

  it.each([
    ['none', { value: { number: 0 } }],
    ['half of one', { value: { number: 1.5 } }],
    ['a million', { value: { number: 1_000_000 } }],
    ['a word', { value: { number: 'one' } }],
    ['a scheme with a slash', { scheme: 'a/b', value: { number: 1 } }],
    ['no text as the key', { value: { number: 1, allocationKey: 7 } }],
  ])('refuses %s with 400', async (_, body) => {
    const { peer, url } = await runtime();
    expect(await peer.code('create', url, ALLOCATION, body)).toBe(400);
  });
});

describe('delete', () => {
  it('frees one address, or a list, or lists in lists', async () => {
    const { peer, url } = await runtime();
    const [one = '', two = '', three = '', four = '', kept = ''] = await allocate(peer, url, { value: { number: 5 } });
    for (const body of [{ resource: one }, { childrenResources: [two] }, { childrenResources: [[three], [[four]]] }]) {
      expect((await peer.ask('delete', url, ALLOCATION, body)).body).toEqual({ code: 200 });
    }
    expect(await freed(peer, url, [one, two, three, four, kept])).toEqual([true, true, true, true, false]);
  });

  it('frees lists that older runtimes put in place of the resource, holes included', async () => {
    const { peer, url } = await runtime();
    const [one = '', two = ''] = await allocate(peer, url, { value: { number: 2 } });
    for (const resource of [[one], [[two]], [null]]) {
      expect(await peer.code('delete', url, ALLOCATION, { resource, attribute: 'attribute' })).toBe(200);
    }
    expect(await freed(peer, url, [one, two])).toEqual([true, true]);
  });

  it('frees a block by its key, and only it', async () => {
    const { peer, url } = await runtime();
    const allocationKey = unique('key');
    const block = await allocate(peer, url, { value: { number: 4, allocationKey } });
    const others = await allocate(peer, url, { value: { number: 1, allocationKey: unique('key') } });
    expect(await peer.code('delete', url, ALLOCATION, { resource: allocationKey })).toBe(200);
    expect(await freed(peer, url, [...block, ...others])).toEqual([true, true, true, true, false]);
  });

  it('answers 200 for what is unknown, or freed already', async () => {
    const { peer, url } = await runtime();
    const [address = ''] = await allocate(peer, url, { value: { number: 1 } });
    for (const resource of [address, address, unique('no-key')]) {
      expect(await peer.code('delete', url, ALLOCATION, { resource })).toBe(200);
    }
    expect(await peer.code('delete', url, ALLOCATION, { childrenResources: ['hyperty://elsewhere/x', []] })).toBe(200);
  });

  it('answers another session the same, and leaves what is not his', async () => {
    const { peer, url } = await runtime();
    const allocationKey = unique('key');
    const [address = ''] = await allocate(peer, url, { value: { number: 1, allocationKey } });
    const strange = await runtime('another');
    for (const body of [{ childrenResources: [address] }, { resource: allocationKey }]) {
      expect(await strange.peer.code('delete', strange.url, ALLOCATION, body)).toBe(200);
    }
    expect(await freed(peer, url, [address])).toEqual([false]);
  });
});

describe('address allocation', () => {
  it('refuses to free more than a block at once with 400', async () => {
    const { peer, url } = await runtime();
    const childrenResources = [Array.from({ length: 65 }, (_, at) => `hyperty://${domain}/${at}`)];
    expect(await peer.code('delete', url, ALLOCATION, { childrenResources })).toBe(400);
  });

  it('answers what it does not know with 400', async () => {
    const { peer, url } = await runtime();
    expect(await peer.code('read', url, ALLOCATION, { resource: 'x' })).toBe(400);
  });
});
