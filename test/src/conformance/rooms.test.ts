import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  aHyperty,
  aHypertyUrl,
  connect,
  connectWith,
  type Message,
  type Peer,
  REGISTRY,
  SM,
  target,
  unique,
  WAIT,
} from './peer.ts';

/* Rooms are ordinary data objects of the conference hyperty, which any authorised hyperty reads, finds and observes. */

const { domain } = target;
const CONFERENCE = `hyperty://${domain}/conference`;
const MEDIA = `domain://media.${domain}`;

/** A deployment has media nodes; an emulator of the suite's own is given one, that says nothing. */
async function aMediaNode(token: string): Promise<Peer> {
  const peer = await connectWith(token);
  const url = aHypertyUrl('media');
  await peer.ask('create', url, REGISTRY, {
    value: aHyperty(peer, url, { ephemeral: true, descriptor: 'media-node' }),
  });
  const value = { instance: url, capacity: 100, load: 0 };
  expect(await peer.code('create', url, MEDIA, { value })).toBe(200);
  const beat = () =>
    peer.send({ id: 'beat', type: 'update', from: url, to: MEDIA, body: { report: 'heartbeat', value } });
  const beating = setInterval(beat, 5000);
  peer.socket.once('close', () => clearInterval(beating));
  return peer;
}

interface Participant {
  peer: Peer;
  hyperty: string;
  id: string;
}

/** Joins without media: the room's rules are the conference's, whatever its media nodes do. */
async function join(room: string): Promise<Participant> {
  const peer = await connect();
  const hyperty = aHypertyUrl('participant');
  await peer.ask('create', hyperty, REGISTRY, { value: aHyperty(peer, hyperty, { ephemeral: true }) });
  const body = { resource: room, create: {}, identity: { name: 'Ada' }, connections: [] };
  peer.send({ id: 'join', type: 'create', from: hyperty, to: CONFERENCE, body });
  const id = hyperty.slice(hyperty.lastIndexOf('/') + 1);
  await vi.waitFor(async () => expect(await participants(peer, room)).toContain(id), WAIT);
  return { peer, hyperty, id };
}

async function participants(peer: Peer, room: string): Promise<string[]> {
  const { body } = await peer.ask('read', aHypertyUrl('reader'), room);
  const value = (body?.value ?? { data: { participants: {} } }) as { data: { participants: object } };
  return Object.keys(value.data.participants);
}

async function leave({ peer, hyperty }: Participant, resource: string): Promise<void> {
  expect(await peer.code('delete', hyperty, CONFERENCE, { resource })).toBe(200);
}

async function search(peer: Peer, resource: string, criteria?: object) {
  const { body } = await peer.ask('read', 'reader', REGISTRY, { resource, ...(criteria && { criteria }) });
  return { code: body?.code, urls: Object.keys(body?.value ?? {}) };
}

const changesOf = (peer: Peer, room: string): Message[] => peer.received.filter(({ to }) => to === `${room}/changes`);

let mediaNode: Peer | undefined;
beforeAll(async () => {
  if (target.mediaToken) mediaNode = await aMediaNode(target.mediaToken);
});
afterAll(() => mediaNode?.drop());

describe('a room', () => {
  it('is found by name and by URL, while it lasts', async () => {
    const name = unique('room');
    const room = `comm://${domain}/${name}`;
    const peer = await connect('another');
    expect(await search(peer, `/comm/name/${name}`)).toEqual({ code: 404, urls: [] });
    const ada = await join(room);
    for (const resource of [`/comm/name/${name}`, room]) {
      expect(await search(peer, resource), resource).toEqual({ code: 200, urls: [room] });
    }
    const { body } = await peer.ask('read', 'reader', REGISTRY, { resource: room });
    expect(body?.value).toMatchObject({ [room]: { url: room, name, reporter: CONFERENCE, dataSchemes: ['comm'] } });
    await leave(ada, room);
    expect(await search(peer, room)).toEqual({ code: 404, urls: [] });
  });

  it('is read as a Communication object', async () => {
    const room = `comm://${domain}/${unique('room')}`;
    const ada = await join(room);
    const peer = await connect('another');
    const { body } = await peer.ask('read', aHypertyUrl(), room);
    expect(body).toMatchObject({
      code: 200,
      value: {
        url: room,
        reporter: CONFERENCE,
        version: expect.any(Number),
        created: expect.any(String),
        lastModified: expect.any(String),
        data: {
          status: 'open',
          epoch: 1,
          media: 'ready',
          startingTime: expect.any(String),
          participants: { [ada.id]: { hypertyURL: ada.hyperty, domain, status: 'live', identity: { name: 'Ada' } } },
        },
      },
    });
    await leave(ada, room);
    expect(await peer.code('read', aHypertyUrl(), room)).toBe(404);
  });

  it('is observed by a hyperty that takes no part: snapshot, every version, and its end', async () => {
    const room = `comm://${domain}/${unique('room')}`;
    const ada = await join(room);
    const peer = await connect('another');
    const hyperty = aHypertyUrl('observer');
    expect(await peer.code('subscribe', hyperty, SM, { resources: [`${room}/changes`] })).toBe(200);
    const subscription = { subscriber: hyperty, mutual: false };
    const { body } = await peer.ask('subscribe', `${hyperty}/sm`, `${room}/subscription`, subscription);
    expect(body).toMatchObject({ code: 200, schema: expect.any(String), owner: CONFERENCE, value: { url: room } });
    const { version } = (body?.value ?? {}) as { version: number };

    const bob = await join(room);
    await leave(bob, room);
    await leave(ada, room);
    const end = await peer.arrival({ type: 'delete' });
    expect(end).toMatchObject({ from: `${room}/subscription`, to: `${room}/changes` });
    await vi.waitFor(() => {
      const updates = changesOf(peer, room).filter(({ type }) => type === 'update');
      const versions = updates.map(({ body: update }) => Number(update?.version)).sort((x, y) => x - y);
      // The media node may have had something to say of Bob besides.
      expect(versions.length).toBeGreaterThanOrEqual(3);
      expect(versions).toEqual(versions.map((_, at) => version + 1 + at));
    }, WAIT);
    expect(changesOf(peer, room)[0]).toMatchObject({
      type: 'update',
      from: room,
      body: { source: CONFERENCE, attribute: expect.stringMatching(/^participants\./) },
    });
    expect(peer.received.every((frame) => !Array.isArray(frame))).toBe(true);
  });

  it('is no longer told to who has unsubscribed', async () => {
    const room = `comm://${domain}/${unique('room')}`;
    const ada = await join(room);
    const peer = await connect('another');
    await peer.ask('subscribe', 'observer', SM, { resources: [`${room}/changes`] });
    await peer.ask('unsubscribe', 'observer', SM, { resources: [`${room}/changes`] });
    expect(await peer.code('unsubscribe', 'observer', `${room}/subscription`, { source: 'observer' })).toBe(200);
    await leave(ada, room);
    expect(await peer.heard()).toEqual([]);
  });

  it('is reported by the conference alone', async () => {
    const room = `comm://${domain}/${unique('room')}`;
    const ada = await join(room);
    const peer = await connect('another');
    const update = { version: 99, attribute: 'status', value: 'closed' };
    for (const to of [room, `${room}/changes`, `${room}/subscription`]) {
      for (const from of [aHypertyUrl(), ada.hyperty, room]) {
        expect(await peer.code('update', from, to, update), `${from} → ${to}`).toBe(403);
      }
    }
    for (const resources of [[room], [`${room}/subscription`]]) {
      expect(await peer.code('subscribe', 'observer', SM, { resources }), String(resources)).toBe(403);
    }
    expect(await participants(peer, room)).toEqual([ada.id]);
    await leave(ada, room);
  });

  it('carries the children that its hyperties publish', async () => {
    const room = `comm://${domain}/${unique('room')}`;
    const ada = await join(room);
    const peer = await connect('another');
    await peer.ask('subscribe', 'observer', SM, { resources: [`${room}/children/`] });
    const body = { resource: 'chat#1', value: { content: 'hello' } };
    ada.peer.send({ id: 'chat', type: 'create', from: ada.hyperty, to: `${room}/children/`, body });
    expect(await peer.arrival({ id: 'chat' })).toMatchObject({ from: ada.hyperty, body });
    await leave(ada, room);
  });

  it('does not keep other objects from having its scheme', async () => {
    const peer = await connect();
    const object = `comm://${domain}/${unique('chat')}`;
    expect(await peer.code('subscribe', 'reporter', SM, { resources: [object, `${object}/subscription`] })).toBe(200);
    const reader = await connect('another');
    reader.send({ id: 'read', type: 'read', from: aHypertyUrl(), to: object });
    await peer.arrival({ id: 'read', to: object });
  });
});

describe('the conference server', () => {
  const criteria = { resources: ['audio', 'video'], dataSchemes: ['connection'] };

  it('is live while a media node is', async () => {
    const peer = await connect();
    await vi.waitFor(async () => {
      expect(await search(peer, '/hyperty', criteria)).toEqual({ code: 200, urls: [CONFERENCE] });
    }, WAIT);
  });

  it.runIf(target.mediaToken)('reads as disconnected when the socket of its last media node is gone', async () => {
    mediaNode?.drop();
    const peer = await connect();
    // A function that has just heard of the node believes in it for as long as its list lives.
    await vi.waitFor(
      async () => expect(await search(peer, '/hyperty', criteria)).toEqual({ code: 408, urls: [CONFERENCE] }),
      { ...WAIT, timeout: 30_000 },
    );
  });
});
