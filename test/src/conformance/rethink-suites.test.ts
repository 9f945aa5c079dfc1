import { describe, expect, it } from 'vitest';
import { allocatedBy, connect, type Message, type Peer, REGISTRY, SESSION, SM, target, unique } from './peer.ts';

/*
 * The exchanges of reTHINK's own suites, with the names that those use, twice against one deployment: as suites do that are
 * run again, and that leave their sockets without a farewell.
 */

const ALLOCATION = `domain://msg-node.${target.domain}/address-allocation`;

async function open(url: string): Promise<{ peer: Peer; session: string }> {
  const peer = await connect();
  const { body } = await peer.ask('open', url, SESSION, undefined, 1);
  expect(body?.code).toBe(200);
  peer.received.length = 0;
  return { peer, session: `${url}/${body?.runtimeToken}` };
}

/** Says it, and gives the only frame that comes back to who says it or to `to`. */
async function exchange(from: Peer, to: Peer, message: Message): Promise<Message> {
  to.received.length = 0;
  from.send(message);
  return to.arrival({ id: message.id });
}

describe.each(['first', 'second'])('the %s run', () => {
  it('connects, and disconnects', async () => {
    const { peer, session } = await open('runtime:/alice1');
    peer.send({ id: 2, type: 'close', from: session, to: SESSION });
    expect(await peer.closed()).toBe(1000);
  });

  it('reconnects after an abnormal close', async () => {
    const { peer, session } = await open('runtime:/alice-reconnect');
    peer.socket.close();
    // Without a status, and so is the answer.
    expect(await peer.closed()).toBe(1005);
    const back = await connect();
    expect((await back.ask('re-open', session, SESSION, undefined, 2)).body).toEqual({ code: 200 });
    back.send({ id: 3, type: 'close', from: session, to: SESSION });
    expect(await back.closed()).toBe(1000);
  });

  it.each([{ value: { number: 1 } }, { scheme: 'fake', childrenResources: ['message'], value: { number: 1 } }])(
    'relays a ping between allocated addresses: %j',
    async (body) => {
      const [alice, bob] = await Promise.all([open('runtime:/alice2'), open('runtime:/bob2')]);
      const addresses: string[] = [];
      for (const { peer } of [alice, bob]) {
        const from = 'runtime:/alice/registry/allocation';
        const answer = await peer.ask(
          'create',
          from,
          ALLOCATION,
          { ...body, via: 'hyperty-runtime://sp1/protostub/123' },
          1,
        );
        expect(answer).toEqual({ id: 1, type: 'response', from: ALLOCATION, to: from, body: answer.body });
        expect(allocatedBy(answer)).toHaveLength(1);
        addresses.push(...allocatedBy(answer));
      }
      const [from = '', to = ''] = addresses;
      const ping = { id: 1, type: 'ping', from, to };
      expect(await exchange(alice.peer, bob.peer, ping)).toEqual(ping);
    },
  );

  it('relays from a hyperty of another domain, but not back to it', async () => {
    const [one, two] = await Promise.all([open('runtime:/inter-domain-1'), open('runtime:/inter-domain-2')]);
    const [hyperty = ''] = allocatedBy(
      await one.peer.ask('create', 'runtime:/alice', ALLOCATION, { value: { number: 1 } }),
    );
    const ping = { id: 2, type: 'ping', from: 'hyperty://unknown-url', to: hyperty };
    expect(await exchange(two.peer, one.peer, ping)).toEqual(ping);
    // reTHINK's nodes remember where a foreign hyperty spoke from; ours does not guess.
    const pong = { id: 3, type: 'pong', from: hyperty, to: 'hyperty://unknown-url' };
    expect((await exchange(one.peer, one.peer, pong)).body?.code).toBe(400);
  });

  it('adds a listener, and hears itself', async () => {
    const { peer } = await open('runtime:/alice/listeners');
    // Theirs is /1, which somebody else may have bound.
    const resource = `resource://${target.domain}/${unique('1')}`;
    const body = { resource, subscribe: [resource, `${resource}/changes`] };
    const answer = await peer.ask('subscribe', 'runtime:/alice/listeners/sm', SM, body, 1);
    expect(answer).toEqual({
      id: 1,
      type: 'response',
      from: SM,
      to: 'runtime:/alice/listeners/sm',
      body: { code: 200 },
    });
    const ping = { id: 2, type: 'ping', from: 'publisher', to: `${resource}/changes`, body: { via: 'x' } };
    expect(await exchange(peer, peer, ping)).toEqual(ping);
  });

  it('registers and reads a user', async () => {
    const { peer } = await open('runtime:/alice1');
    const user = target.tokens.length > 0 ? peer.user : 'user://google.com/testuser10';
    // Theirs is /1: here somebody without a token may have it from another run.
    const url = `hyperty-instance://${target.domain}/${unique('1')}`;
    const wanted = { dataSchemes: ['test'], resources: ['test1', 'test2'] };
    const descriptor = 'hyperty-catalogue://localhost/.well-known/hyperty/hyper-1';
    const body = { value: { user, url, expires: 3600, descriptor, ...wanted } };
    const answer = await peer.ask('create', 'hyper-1', `${REGISTRY}/`, body, 2);
    expect(answer).toEqual({ id: 2, type: 'response', from: `${REGISTRY}/`, to: 'hyper-1', body: { code: 200 } });
    const read = await peer.ask(
      'read',
      'hyper-1',
      `${REGISTRY}/`,
      { auth: false, resource: user, criteria: wanted },
      3,
    );
    expect(read.body?.value).toMatchObject({ [url]: { user, descriptor } });
  });
});
