import { describe, expect, it, vi } from 'vitest';
import {
  aHyperty,
  aHypertyUrl,
  anObject,
  anObjectUrl,
  connect,
  type Peer,
  REGISTRY,
  target,
  unique,
  WAIT,
} from './peer.ts';

const { domain } = target;

async function register(peer: Peer, value: { url: string }): Promise<void> {
  expect((await peer.ask('create', value.url, REGISTRY, { value })).body).toEqual({ code: 200 });
}

/** The code, and the URLs of what was found. */
async function read(peer: Peer, resource: string, criteria?: object) {
  const { body } = await peer.ask('read', 'reader', REGISTRY, { resource, ...(criteria && { criteria }) });
  return { code: body?.code, urls: Object.keys(body?.value ?? {}).sort() };
}

const found = (...urls: string[]) => ({ code: 200, urls: urls.sort() });
const NOTHING = { code: 404, urls: [] };

/** Indexes follow their table with a delay. */
const eventually = (check: () => Promise<void>) => vi.waitFor(check, WAIT);

describe('read by URL', () => {
  it('gives the entry under its URL', async () => {
    const peer = await connect();
    const url = aHypertyUrl();
    const value = aHyperty(peer, url);
    await register(peer, value);
    const answer = await peer.ask('read', 'reader', REGISTRY, { resource: url });
    expect(answer).toMatchObject({ type: 'response', from: REGISTRY, to: 'reader' });
    expect(answer.body).toEqual({
      code: 200,
      value: {
        [url]: { ...value, hypertyID: url, startingTime: expect.any(String), lastModified: expect.any(String) },
      },
    });
  });

  it('of what nobody registered is 404, in both spellings', async () => {
    const peer = await connect();
    const { body } = await peer.ask('read', 'reader', REGISTRY, { resource: aHypertyUrl() });
    expect(body).toEqual({ code: 404, description: 'Not Found', desc: 'Not Found' });
  });

  it('of what is disconnected is 408, and gives it all the same', async () => {
    const peer = await connect();
    const url = aHypertyUrl();
    await register(peer, aHyperty(peer, url));
    await peer.ask('update', url, REGISTRY, { resource: url, value: 'disconnected', attribute: 'status' });
    const { body } = await peer.ask('read', 'reader', REGISTRY, { resource: url });
    expect(body).toMatchObject({
      code: 408,
      description: 'Temporarily Unavailable',
      desc: 'Temporarily Unavailable',
      value: { [url]: { status: 'disconnected' } },
    });
  });

  it('of nothing is 400', async () => {
    const peer = await connect();
    for (const body of [{}, { resource: 7 }, { resource: '' }, { resource: 'x'.repeat(5000) }]) {
      expect(await peer.code('read', 'reader', REGISTRY, body)).toBe(400);
    }
  });

  it('follows criteria too', async () => {
    const peer = await connect();
    const url = aHypertyUrl();
    await register(peer, aHyperty(peer, url, { resources: ['audio'] }));
    expect(await read(peer, url, { resources: ['audio'] })).toEqual(found(url));
    expect(await read(peer, url, { resources: ['chat'] })).toEqual(NOTHING);
  });
});

describe('read by user', () => {
  it('gives his hyperties, live if any is, and nobody else’s', async () => {
    const peer = await connect();
    const other = await connect('another');
    const [one, two, theirs] = [aHypertyUrl('one'), aHypertyUrl('two'), aHypertyUrl('theirs')];
    const kind = unique('kind');
    for (const url of [one, two]) await register(peer, aHyperty(peer, url, { resources: [kind] }));
    await register(other, aHyperty(other, theirs, { resources: [kind] }));
    const criteria = { resources: [kind] };
    for (const resource of [peer.user, `/hyperty/user/${peer.user}`]) {
      await eventually(async () => expect(await read(peer, resource, criteria)).toEqual(found(one, two)));
    }
    const end = { value: 'disconnected', attribute: 'status' };
    await peer.ask('update', one, REGISTRY, { resource: one, ...end });
    await eventually(async () => expect(await read(peer, peer.user, criteria)).toEqual(found(one, two)));
    await peer.ask('update', two, REGISTRY, { resource: two, ...end });
    await eventually(async () =>
      expect(await read(peer, peer.user, criteria)).toEqual({ ...found(one, two), code: 408 }),
    );
  });

  it('gives hyperties alone, unless the criteria name another scheme', async () => {
    const peer = await connect();
    const [hyperty, object] = [aHypertyUrl(), anObjectUrl()];
    const kind = unique('kind');
    const changes = { resources: [kind] };
    await register(peer, aHyperty(peer, hyperty, { ...changes, dataSchemes: ['comm'] }));
    await register(peer, anObject(peer, object, changes));
    const expectRead = (criteria: object, expected: object, resource = peer.user) =>
      eventually(async () => expect(await read(peer, resource, { ...changes, ...criteria })).toEqual(expected));
    await expectRead({}, found(hyperty));
    await expectRead({ dataSchemes: ['connection'] }, found(object));
    await expectRead({ scheme: 'connection' }, found(object));
    await expectRead({}, found(object), `/connection/user/${peer.user}`);
  });

  it('follows resources and data schemes: all that are named', async () => {
    const peer = await connect();
    const kind = unique('kind');
    const [chat, video] = [aHypertyUrl('chat'), aHypertyUrl('video')];
    await register(peer, aHyperty(peer, chat, { resources: [kind, 'chat'], dataSchemes: ['comm'] }));
    await register(
      peer,
      aHyperty(peer, video, { resources: [kind, 'video', 'audio'], dataSchemes: ['comm', 'connection'] }),
    );
    const expectRead = (resources: string[], dataSchemes: string[], expected: object) =>
      eventually(async () =>
        expect(await read(peer, peer.user, { resources: [kind, ...resources], dataSchemes })).toEqual(expected),
      );
    await expectRead([], ['comm'], found(chat, video));
    await expectRead(['video'], [], found(video));
    await expectRead(['audio', 'video'], ['connection'], found(video));
    await expectRead(['chat', 'video'], [], NOTHING);
    await expectRead(['chat'], ['connection'], NOTHING);
  });
});

describe('read by guid', () => {
  it('gives the hyperties registered under it', async () => {
    const peer = await connect();
    const url = aHypertyUrl();
    const guid = `user-guid://${unique('guid')}`;
    await register(peer, aHyperty(peer, url, { guid }));
    for (const resource of [guid, `/hyperty/guid/${guid}`]) {
      await eventually(async () => expect(await read(peer, resource)).toEqual(found(url)));
    }
    expect(await read(peer, `user-guid://${unique('guid')}`)).toEqual(NOTHING);
  });
});

describe('read of data objects', () => {
  it('by name gives those of the scheme', async () => {
    const peer = await connect();
    const name = unique('object name');
    const [one, two] = [anObjectUrl('connection'), anObjectUrl('fake')];
    for (const url of [one, two]) await register(peer, anObject(peer, url, { name }));
    await eventually(async () => expect(await read(peer, `/connection/name/${name}`)).toEqual(found(one)));
    await eventually(async () => expect(await read(peer, `/fake/name/${name}`)).toEqual(found(two)));
    expect(await read(peer, `/comm/name/${name}`)).toEqual(NOTHING);
  });

  it('by reporter gives all of his', async () => {
    const peer = await connect();
    const reporter = aHypertyUrl('reporter');
    const urls = [anObjectUrl(), anObjectUrl()];
    for (const url of urls) await register(peer, anObject(peer, url, { reporter }));
    await eventually(async () => expect(await read(peer, `/connection/reporter/${reporter}`)).toEqual(found(...urls)));
    expect(await read(peer, `/comm/reporter/${reporter}`)).toEqual(NOTHING);
  });

  it('by a name that was given up finds nothing', async () => {
    const peer = await connect();
    const url = anObjectUrl();
    const [before, after] = [unique('before'), unique('after')];
    await register(peer, anObject(peer, url, { name: before }));
    await register(peer, anObject(peer, url, { name: after }));
    await eventually(async () => expect(await read(peer, `/connection/name/${after}`)).toEqual(found(url)));
    await eventually(async () => expect(await read(peer, `/connection/name/${before}`)).toEqual(NOTHING));
  });
});

describe('the conference server', () => {
  const conference = `hyperty://${domain}/conference`;
  const criteria = { resources: ['audio', 'video'], dataSchemes: ['connection'] };

  it('is found by URL, by user, and by resource and data scheme', async () => {
    const peer = await connect();
    for (const resource of [conference, `user://${domain}/conference`, '/hyperty']) {
      expect((await read(peer, resource, criteria)).urls, resource).toEqual([conference]);
      expect((await read(peer, resource, { resources: ['telepathy'] })).urls, resource).toEqual([]);
    }
  });
});
