import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  aHypertyUrl,
  anObjectUrl,
  connect,
  type Message,
  type Peer,
  runtime,
  SESSION,
  SM,
  target,
  WAIT,
} from './peer.ts';

/* A reporter and an observer, each on a plain socket, exchange what reTHINK's Syncher was seen to exchange. */

const SCHEMA = `hyperty-catalogue://${target.domain}/.well-known/dataschema/Connection`;

interface Party {
  peer: Peer;
  runtime: string;
  token: string;
  hyperty: string;
}

let a: Party;
let b: Party;
let object: string;

async function aParty(who: 'somebody' | 'another'): Promise<Party> {
  const { peer, url, token } = await runtime(who);
  const hyperty = aHypertyUrl();
  await listen({ peer, runtime: url, token, hyperty }, hyperty);
  return { peer, runtime: url, token, hyperty };
}

async function listen({ peer, runtime: url, hyperty }: Party, ...resources: string[]): Promise<void> {
  expect(await peer.code('subscribe', `${url}/sm`, SM, { resources, source: hyperty })).toBe(200);
}

/** What the reporter says of its object. */
function metadata() {
  const now = '2026-01-01T00:00:00.000Z';
  return {
    url: object,
    name: 'a connection',
    reporter: a.hyperty,
    schema: SCHEMA,
    runtime: a.runtime,
    created: now,
    lastModified: now,
    status: 'live',
    childrens: ['chat'],
  };
}

/** Receives a request, and answers it. */
async function answer(party: Party, fields: Partial<Message>, body: object): Promise<Message> {
  const request = await party.peer.arrival(fields);
  const { id, from, to } = request;
  party.peer.send({ id, type: 'response', from: to, to: from, body: { ...body } });
  return request;
}

let nextId = 1;

/** Publishes a change, and waits until the observer has it. */
async function publish(version: number, change: object): Promise<Message> {
  const id = nextId++;
  const body = { version, source: a.hyperty, lastModified: new Date().toISOString(), ...change };
  a.peer.send({ id, type: 'update', from: object, to: `${object}/changes`, body });
  const update = await b.peer.arrival({ id, type: 'update' });
  expect(update).toEqual({ id, type: 'update', from: object, to: `${object}/changes`, body });
  return update;
}

/** Invites the observer, who accepts and subscribes. */
async function share(): Promise<Message> {
  const { childrens: _, ...rest } = metadata();
  const snapshot = { ...rest, data: { status: 'new' }, version: 0 };
  const invitation = { source: a.hyperty, schema: SCHEMA, value: metadata() };
  const invited = a.peer.ask('create', `${object}/subscription`, b.hyperty, invitation);
  await answer(b, { type: 'create', to: b.hyperty }, { code: 200 });
  expect((await invited).body).toEqual({ code: 200 });
  await listen(b, `${object}/changes`, `${object}/children/`);
  const body = { subscriber: b.hyperty, mutual: false };
  const subscribed = b.peer.ask('subscribe', `${b.hyperty}/sm`, `${object}/subscription`, body);
  const snapshotBody = { code: 200, schema: SCHEMA, owner: a.hyperty, value: snapshot };
  const request = await answer(a, { type: 'subscribe' }, snapshotBody);
  expect(request.body).toEqual(body);
  expect((await subscribed).body).toEqual(snapshotBody);
  return subscribed;
}

beforeEach(async () => {
  object = anObjectUrl();
  [a, b] = await Promise.all([aParty('somebody'), aParty('another')]);
  await listen(a, object, `${object}/subscription`);
  await listen(a, `${object}/children/`);
  // An observer is answered at <hyperty>/sm.
  await listen(b, `${b.hyperty}/sm`);
});

describe('create', () => {
  it('invites, and is accepted', async () => {
    const body = { source: a.hyperty, schema: SCHEMA, value: metadata() };
    const invited = a.peer.ask('create', `${object}/subscription`, b.hyperty, body, 7);
    const invitation = await answer(b, { type: 'create' }, { code: 200 });
    expect(invitation).toEqual({ id: 7, type: 'create', from: `${object}/subscription`, to: b.hyperty, body });
    const from = b.hyperty;
    const to = `${object}/subscription`;
    expect(await invited).toEqual({ id: 7, type: 'response', from, to, body: { code: 200 } });
  });

  it('invites, and is refused', async () => {
    const invited = a.peer.ask('create', `${object}/subscription`, b.hyperty, { value: metadata() });
    await answer(b, { type: 'create' }, { code: 406, desc: 'not now' });
    expect((await invited).body).toEqual({ code: 406, desc: 'not now' });
  });

  it('to somebody who is not there is answered with 404', async () => {
    expect(await a.peer.code('create', `${object}/subscription`, aHypertyUrl(), { value: metadata() })).toBe(404);
  });
});

describe('subscribe', () => {
  it('gives the observer a snapshot', async () => {
    const subscribed = await share();
    expect(subscribed).toMatchObject({ from: `${object}/subscription`, to: `${b.hyperty}/sm` });
  });

  it('may be refused by the reporter', async () => {
    const subscribed = b.peer.ask('subscribe', `${b.hyperty}/sm`, `${object}/subscription`, { source: b.hyperty });
    await answer(a, { type: 'subscribe' }, { code: 403, desc: 'not you' });
    expect((await subscribed).body).toEqual({ code: 403, desc: 'not you' });
  });

  it('of an object that nobody reports is answered with 404', async () => {
    const nobodys = `${anObjectUrl()}/subscription`;
    expect(await b.peer.code('subscribe', `${b.hyperty}/sm`, nobodys, { source: b.hyperty })).toBe(404);
  });
});

describe('update', () => {
  it('carries attributes, elements of arrays, and removals', async () => {
    await share();
    await publish(1, { attribute: 'connectionDescription', value: { type: 'offer', sdp: 'v=0\r\n' } });
    await publish(2, { attribute: 'status', value: 'checking' });
    const element = { attribute: 'iceCandidates.0', attributeType: 'array' };
    await publish(3, { ...element, operation: 'add', value: { candidate: 'c', sdpMLineIndex: 0, sdpMid: '0' } });
    await publish(4, { ...element, operation: 'remove' });
    const removal = await publish(5, { attribute: 'status' });
    expect(removal.body).not.toHaveProperty('value');
  });

  it('reaches every observer once, and its reporter not', async () => {
    const c = await aParty('another');
    await share();
    await listen(c, `${object}/changes`);
    const update = await publish(1, { attribute: 'status', value: 'connected' });
    expect(await c.peer.arrival({ to: `${object}/changes` })).toEqual(update);
    for (const { peer } of [b, c]) {
      expect((await peer.heard()).filter(({ to }) => to.endsWith('/changes'))).toHaveLength(1);
    }
    expect((await a.peer.heard()).filter(({ to }) => to.endsWith('/changes'))).toEqual([]);
  });

  it('of a hundred arrives as a hundred, each once, whatever their order on the way', async () => {
    await share();
    const versions = Array.from({ length: 100 }, (_, at) => at + 1);
    for (const version of versions) {
      const body = { version, source: a.hyperty, attribute: 'count', value: version };
      a.peer.send({ id: `v${version}`, type: 'update', from: object, to: `${object}/changes`, body });
    }
    const arrived = () =>
      b.peer.received.filter(({ type }) => type === 'update').map(({ body }) => Number(body?.version));
    await vi.waitFor(() => expect(arrived()).toHaveLength(100), WAIT);
    await b.peer.settle();
    expect(arrived().sort((x, y) => x - y)).toEqual(versions);
  });
});

describe('read', () => {
  it.each([
    ['the object', 200],
    ['a refusal', 401],
  ])('is the reporter’s to answer, with %s', async (_, code) => {
    const read = b.peer.ask('read', b.hyperty, object);
    await answer(a, { type: 'read', to: object }, { code, value: code === 200 ? metadata() : undefined });
    expect((await read).body).toMatchObject({ code });
  });
});

describe('children', () => {
  it('travel from whoever has them to all who listen', async () => {
    await share();
    const body = { resource: 'chat#1', value: { content: 'hello', identity: 'b' } };
    const message = { id: 'child', type: 'create', from: b.hyperty, to: `${object}/children/`, body };
    b.peer.send(message);
    for (const { peer } of [a, b]) expect(await peer.arrival({ to: `${object}/children/` })).toEqual(message);
  });
});

describe('unsubscribe', () => {
  it('is told to the reporter, and ends the changes', async () => {
    await share();
    const { runtime: url, peer } = b;
    await peer.ask('unsubscribe', `${url}/sm`, SM, { resources: [`${object}/changes`, `${object}/children/`] });
    const body = { source: b.hyperty };
    peer.send({ id: 'bye', type: 'unsubscribe', from: `${b.hyperty}/sm`, to: `${object}/subscription`, body });
    expect((await a.peer.arrival({ type: 'unsubscribe' })).body).toEqual(body);
    a.peer.send({ id: 'late', type: 'update', from: object, to: `${object}/changes`, body: { version: 1 } });
    await a.peer.settle();
    expect((await peer.heard()).filter(({ type }) => type === 'update')).toEqual([]);
  });
});

describe('delete', () => {
  it('tells every observer', async () => {
    await share();
    const message = { id: 'end', type: 'delete', from: `${object}/subscription`, to: `${object}/changes`, body: {} };
    a.peer.send(message);
    expect(await b.peer.arrival({ type: 'delete' })).toEqual(message);
  });
});

describe('resume', () => {
  it('of a reporter: its session brings the object back', async () => {
    await share();
    a.peer.drop();
    a.peer = await connect();
    await a.peer.ask('re-open', `${a.runtime}/${a.token}`, SESSION);
    const body = { resume: true, value: metadata() };
    const resumed = a.peer.ask('create', `${object}/subscription`, b.hyperty, body, 'resume');
    await answer(b, { type: 'create', id: 'resume' }, { code: 200 });
    expect((await resumed).body).toEqual({ code: 200 });
    await publish(9, { attribute: 'status', value: 'completed' });
  });

  it('of a reporter in a new session of the same runtime: it binds the object anew', async () => {
    await share();
    a.peer.drop();
    const { peer } = await runtime('somebody', a.runtime);
    a = { ...a, peer };
    await vi.waitFor(() => listen(a, object, `${object}/subscription`), WAIT);
    await publish(9, { attribute: 'status', value: 'completed' });
  });

  it('of an observer: its session brings the subscription back, and it asks for what it missed', async () => {
    await share();
    b.peer.drop();
    b.peer = await connect('another');
    await b.peer.ask('re-open', `${b.runtime}/${b.token}`, SESSION);
    const body = { subscriber: b.hyperty, resume: true };
    const resumed = b.peer.ask('subscribe', `${b.hyperty}/sm`, `${object}/subscription`, body, 'resume');
    await answer(a, { type: 'subscribe', id: 'resume' }, { code: 200, value: { ...metadata(), data: {}, version: 8 } });
    expect((await resumed).body).toMatchObject({ code: 200, value: { version: 8 } });
    await publish(9, { attribute: 'status', value: 'completed' });
  });

  it('of nothing is 404: nobody reports it, or the reporter says so', async () => {
    const body = { subscriber: b.hyperty, resume: true };
    const nobodys = `${anObjectUrl()}/subscription`;
    expect(await b.peer.code('subscribe', `${b.hyperty}/sm`, nobodys, body)).toBe(404);
    const resumed = b.peer.ask('subscribe', `${b.hyperty}/sm`, `${object}/subscription`, body);
    await answer(a, { type: 'subscribe' }, { code: 404, desc: 'nothing to resume' });
    expect((await resumed).body).toEqual({ code: 404, desc: 'nothing to resume' });
  });
});

describe('nobody but the reporter', () => {
  it('is asked for its object, and nobody but it publishes', async () => {
    await share();
    const thief = await aParty('another');
    for (const resources of [[object], [`${object}/subscription`]]) {
      expect(await thief.peer.code('subscribe', thief.runtime, SM, { resources })).toBe(403);
    }
    const update = { version: 1, source: a.hyperty, attribute: 'status', value: 'stolen' };
    for (const from of [object, `${object}/subscription`, a.hyperty]) {
      expect(await thief.peer.code('update', from, `${object}/changes`, update)).toBe(403);
      expect(await thief.peer.code('delete', from, `${object}/changes`)).toBe(403);
    }
    expect((await b.peer.heard()).filter(({ to }) => to.endsWith('/changes'))).toEqual([]);
  });
});
