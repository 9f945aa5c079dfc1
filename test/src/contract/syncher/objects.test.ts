import type { ConnectOptions, HyperroomError } from '@hyperroom/client';
import type { Invitation, Observer, Reporter, SavedObserver, Syncher } from '@hyperroom/client/syncher';
import { signToken } from '@hyperroom/local/token';
import { changesOf, subscriptionOf } from '@hyperroom/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { at, DOMAIN, type Signalling, startSignalling, WAIT } from '../signalling/signalling.ts';
import { type Client, connect } from './hyperties.ts';

let signalling: Signalling;
const clients: Client[] = [];
beforeAll(async () => {
  signalling = await startSignalling(12);
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map(({ hyperty }) => hyperty.close()));
});
afterAll(() => signalling.close());

async function client(options: ConnectOptions = {}, token?: string): Promise<Client> {
  const made = await connect(signalling.emulator.signallingUrl, DOMAIN, options, token);
  clients.push(made);
  return made;
}

const pair = () => Promise.all([client(), client()]);
const invitationOf = (syncher: Syncher) =>
  new Promise<Invitation>((resolve) => {
    syncher.on('notification', resolve);
  });

interface Score {
  home: number;
  scorers: string[];
}
const aScore = (): Score => ({ home: 0, scorers: [] });

/** A score that one client reports and another observes. */
async function observed(): Promise<{ ada: Client; bob: Client; reporter: Reporter<Score>; observer: Observer<Score> }> {
  const [ada, bob] = await pair();
  const invited = invitationOf(bob.syncher);
  const reporter = await ada.syncher.create('score', [bob.hyperty.url], aScore());
  const observer = await (await invited).accept<Score>();
  return { ada, bob, reporter, observer };
}

/** Waits until both have the same. */
async function inStep(reporter: Pick<Reporter, 'object'>, observer: Observer<Score>): Promise<void> {
  await vi.waitFor(() => expect(observer.object).toEqual(reporter.object), WAIT);
}

describe('an object', () => {
  it('is created, its observer invited, and every change of it observed until it is deleted', async () => {
    const [ada, bob] = await pair();
    const invited = invitationOf(bob.syncher);
    const reporter = await ada.syncher.create('score', [bob.hyperty.url], aScore(), { scheme: 'context' });
    const events: string[] = [];
    for (const name of ['accepted', 'subscribed', 'unsubscribed'] as const) {
      reporter.on(name, (hyperty) => events.push(`${name} ${hyperty === bob.hyperty.url ? 'bob' : hyperty}`));
    }
    const invitation = await invited;
    expect(invitation).toMatchObject({ url: reporter.url, reporter: ada.hyperty.url, schema: 'score' });
    expect(invitation.url).toMatch(/^context:\/\/localhost\/[\w-]{36}$/);
    const observer = await invitation.accept<Score>();
    expect(observer.object).toEqual(reporter.object);
    expect(observer.version).toBe(0);
    await vi.waitFor(() => expect(events.toSorted()).toEqual(['accepted bob', 'subscribed bob']), WAIT);

    reporter.insert('scorers.0', 'Ann', 'Cid');
    reporter.insert('scorers.1', 'Bea');
    reporter.update('home', 3);
    reporter.remove('scorers.0');
    expect(reporter.data).toEqual({ home: 3, scorers: ['Bea', 'Cid'] });
    await inStep(reporter, observer);
    expect(observer.version).toBe(4);

    const deleted = new Promise<void>((resolve) => observer.on('deleted', resolve));
    await ada.syncher.delete(reporter.url);
    await deleted;
    await expect(bob.syncher.read(reporter.url)).rejects.toMatchObject({ code: 'not-found' });
    await expect(bob.syncher.subscribe(reporter.url)).rejects.toMatchObject({ code: 'not-found' });
    await expect(ada.syncher.delete(reporter.url)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is refused by whom it does not please, and by whom nobody listens for', async () => {
    const [ada, bob] = await pair();
    const carol = await client();
    const absent = at.hyperty('absent');
    bob.syncher.on('notification', (invitation) => invitation.refuse(403, 'busy'));
    const reporter = await ada.syncher.create('score', [bob.hyperty.url, carol.hyperty.url, absent], aScore());
    const refused = new Map<string, HyperroomError>();
    reporter.on('refused', (hyperty, error) => refused.set(hyperty, error));
    await vi.waitFor(() => expect(refused.size).toBe(3), WAIT);
    expect(refused.get(bob.hyperty.url)).toMatchObject({ code: 'forbidden', message: 'busy' });
    expect(refused.get(carol.hyperty.url)).toMatchObject({ code: 'not-found' });
    expect(refused.get(absent)).toMatchObject({ code: 'not-found' });
  });

  it('is observed and read only by those whom its reporter allows', async () => {
    const [ada, bob] = await pair();
    const closed = await ada.syncher.create('score', [], aScore());
    await expect(bob.syncher.subscribe(closed.url)).rejects.toMatchObject({ code: 'forbidden', status: 403 });
    await expect(bob.syncher.read(closed.url)).rejects.toMatchObject({ code: 'unauthorized', status: 401 });
    const authorise = async (hyperty: string) => hyperty === bob.hyperty.url;
    const open = await ada.syncher.create('score', [], aScore(), { authorise });
    expect(await bob.syncher.read(open.url)).toEqual(open.object);
    const observer = await bob.syncher.subscribe<Score>(open.url);
    expect([...open.observers]).toEqual([bob.hyperty.url]);
    await expect(bob.syncher.subscribe(open.url)).rejects.toMatchObject({ code: 'conflict' });
    await observer.unsubscribe();
    expect([...open.observers]).toEqual([]);
    open.update('home', 1);
    await bob.syncher.subscribe<Score>(open.url);
    expect(observer.version).toBe(0);
  });

  it('has an address of its own', async () => {
    const [ada, bob] = await pair();
    const { url } = await ada.syncher.create('score', [], aScore());
    await expect(bob.syncher.create('score', [], aScore(), { url })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(ada.syncher.create('score', [], aScore(), { url })).rejects.toMatchObject({ code: 'conflict' });
    expect(await ada.syncher.read(url).catch((error: HyperroomError) => error.code)).toBe('unauthorized');
  });

  it('is found by its name while it is there', async () => {
    const [ada, bob] = await pair();
    const reporter = await ada.syncher.create('score', [], aScore(), { name: 'the match', scheme: 'context' });
    const lookUp = async () => {
      const [found] = bob.hyperty.bus.request({
        type: 'read',
        from: bob.hyperty.url,
        to: at.registry,
        body: { resource: '/context/name/the match' },
      });
      return (await found).body?.value;
    };
    expect(await lookUp()).toMatchObject({ [reporter.url]: { reporter: ada.hyperty.url, schema: 'score' } });
    await reporter.delete();
    await expect(lookUp()).rejects.toMatchObject({ code: 'not-found' });
  });

  it('has children that everybody hears of, and who added them', async () => {
    const { ada, bob, reporter, observer } = await observed();
    const heard: unknown[] = [];
    reporter.on('child', (child) => heard.push(child));
    observer.on('child', (child) => heard.push(child));
    const hello = await reporter.addChild({ text: 'hello' });
    const hi = await observer.addChild({ text: 'hi' });
    await vi.waitFor(() => expect(heard).toHaveLength(2), WAIT);
    expect(heard).toEqual(expect.arrayContaining([hello, hi]));
    expect(hello).toMatchObject({ reporter: ada.hyperty.url, value: { text: 'hello' } });
    expect(hi.reporter).toBe(bob.hyperty.url);
    expect(hi.id).toMatch(new RegExp(`^${bob.hyperty.url}#.`));
    expect(reporter.version).toBe(0);
  });
});

describe('after an interruption', () => {
  /** Connects as somebody in particular, who may come back. */
  async function returning(name: string): Promise<() => Promise<Client>> {
    const claims = { sub: `user://${DOMAIN}/${name}`, role: 'participant' } as const;
    const token = await signToken(claims, signalling.emulator.secretValue, 60);
    return () => client({ url: at.hyperty(name) }, token);
  }

  it('an observer goes on, and has what it missed', async () => {
    const connectBob = await returning('bob');
    const [ada, bob] = await Promise.all([client(), connectBob()]);
    const reporter = await ada.syncher.create('score', [bob.hyperty.url], aScore());
    const observer = await bob.syncher.subscribe<Score>(reporter.url);
    const saved: SavedObserver<Score> = JSON.parse(JSON.stringify(observer.saved()));
    bob.hyperty.disconnect();
    reporter.update('home', 1);
    reporter.update('home', 2);
    const resumed = await (await connectBob()).syncher.resume(saved);
    await inStep(reporter, resumed);
    reporter.update('home', 3);
    await inStep(reporter, resumed);
    expect(observer.version).toBe(0);
  });

  it('a reporter goes on, and those who observed look what they missed', async () => {
    const connectAda = await returning('ada');
    const [ada, bob] = await Promise.all([connectAda(), client()]);
    const reporter = await ada.syncher.create('score', [bob.hyperty.url], aScore());
    const observer = await bob.syncher.subscribe<Score>(reporter.url);
    const repaired = vi.fn();
    observer.on('gapRepaired', repaired);
    reporter.update('home', 1);
    await inStep(reporter, observer);
    const saved = reporter.saved();
    ada.hyperty.disconnect();
    expect(() => reporter.update('home', 2)).toThrow(expect.objectContaining({ code: 'connection-lost' }));
    // As if it had been changed, and nobody told.
    const object = { ...saved.object, version: 2, data: { ...saved.object.data, home: 9 } };
    const resumed = await (await connectAda()).syncher.resume({ ...saved, object });
    await inStep(resumed, observer);
    expect(repaired.mock.calls).toEqual([[1, 2]]);
    resumed.update('home', 10);
    await inStep(resumed, observer);
  });

  it('there may be nothing to resume', async () => {
    const { ada, bob, reporter, observer } = await observed();
    const saved = observer.saved();
    await observer.unsubscribe();
    await expect(bob.syncher.resume(saved)).rejects.toMatchObject({ code: 'not-found', status: 404 });
    const refused = vi.fn();
    const ended = reporter.saved();
    await reporter.delete();
    const again = await ada.syncher.resume({ ...ended, observers: [bob.hyperty.url] });
    again.on('refused', refused);
    await vi.waitFor(() => expect(refused).toHaveBeenCalledTimes(1), WAIT);
    expect(refused.mock.calls[0]?.[1]).toMatchObject({ code: 'not-found' });
    expect([...again.observers]).toEqual([]);
  });
});

describe('an aborted wait', () => {
  const reason = new Error('changed my mind');

  it('leaves no object and no observer behind', async () => {
    const [ada, bob] = await pair();
    const url = 'context://localhost/aborted';
    const abort = new AbortController();
    const created = ada.syncher.create('score', [], aScore(), { url, signal: abort.signal });
    abort.abort(reason);
    await expect(created).rejects.toBe(reason);
    const reporter = await vi.waitFor(() => bob.syncher.create('score', [ada.hyperty.url], aScore(), { url }), WAIT);

    const again = new AbortController();
    const subscribed = ada.syncher.subscribe(url, { signal: again.signal });
    again.abort(reason);
    await expect(subscribed).rejects.toBe(reason);
    await expect(ada.syncher.read(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await vi.waitFor(() => ada.syncher.subscribe(url), WAIT);
    expect([...reporter.observers]).toEqual([ada.hyperty.url]);
  });
});

describe('reTHINK’s own Syncher at the other end', () => {
  it('observes: invitation, subscription from its runtime, updates, end', async () => {
    const { hyperty, syncher } = await client();
    const peer = await signalling.client();
    const [self, sm] = [at.hyperty('foreign'), 'hyperty-runtime://localhost/foreign/sm'];
    const ask = (to: string, type: string, body: object) => peer.ask({ type, from: sm, to, body: { ...body } });
    await ask(at.subscriptions, 'subscribe', { resources: [self, sm], source: self });
    const reporter = await syncher.create('score', [self], aScore(), { name: 'for foreigners' });
    const O = reporter.url;
    const subscribed = vi.fn();
    reporter.on('subscribed', subscribed);
    const invitation = await vi.waitFor(() => {
      const found = peer.received.find(({ type, to }) => type === 'create' && to === self);
      expect(found).toMatchObject({
        from: subscriptionOf(O),
        body: {
          source: hyperty.url,
          schema: 'score',
          value: { url: O, name: 'for foreigners', reporter: hyperty.url, status: 'live', childrens: [] },
        },
      });
      expect(found?.body?.value).not.toHaveProperty('data');
      return found;
    }, WAIT);
    peer.send({ id: invitation?.id, type: 'response', from: self, to: subscriptionOf(O), body: { code: 200 } });
    await ask(at.subscriptions, 'subscribe', { resources: [changesOf(O), `${O}/children/`], source: self });
    const snapshot = await ask(subscriptionOf(O), 'subscribe', { subscriber: self, mutual: false });
    expect(snapshot).toMatchObject({
      from: subscriptionOf(O),
      to: sm,
      body: { code: 200, schema: 'score', owner: hyperty.url, value: { url: O, version: 0, data: aScore() } },
    });
    expect(subscribed.mock.calls).toEqual([[self]]);

    reporter.update('home', 1);
    reporter.insert('scorers.0', 'Ann');
    reporter.remove('scorers.0');
    await vi.waitFor(() => expect(peer.updates(O)).toHaveLength(3), WAIT);
    expect(peer.updates(O).map(({ from, body }) => ({ from, ...body }))).toMatchObject([
      { from: O, version: 1, source: hyperty.url, attribute: 'home', value: 1, lastModified: expect.any(String) },
      { version: 2, attribute: 'scorers.0', attributeType: 'array', operation: 'add', value: 'Ann' },
      { version: 3, attribute: 'scorers.0', attributeType: 'array', operation: 'remove' },
    ]);
    const read = await peer.ask({ type: 'read', from: self, to: O });
    expect(read.body).toMatchObject({ code: 200, value: { version: 3, data: { home: 1 } } });
    expect((await peer.ask({ type: 'read', from: sm, to: O })).body).toMatchObject({ code: 401 });
    expect((await ask(subscriptionOf(O), 'unsubscribe', { source: self })).body?.code).toBe(200);
    await reporter.delete();
    await vi.waitFor(() => {
      expect(peer.received.at(-1)).toMatchObject({ type: 'delete', from: subscriptionOf(O), to: changesOf(O) });
    }, WAIT);
  });

  it('reports: invitation, snapshot, its way with arrays, children, end', async () => {
    const { hyperty, syncher } = await client();
    const peer = await signalling.client();
    const self = at.hyperty('foreign-reporter');
    const O = 'connection://localhost/foreign-object';
    const resources = [self, O, subscriptionOf(O), `${O}/children/`];
    await peer.ask({ type: 'subscribe', from: self, to: at.subscriptions, body: { resources, source: self } });
    const value = { url: O, name: 'n', reporter: self, schema: 's', created: 'c', lastModified: 'c', status: 'live' };
    const invited = invitationOf(syncher);
    peer.send({
      id: 'invite',
      type: 'create',
      from: subscriptionOf(O),
      to: hyperty.url,
      body: { source: self, schema: 's', value: { ...value, childrens: [] }, via: 'a protostub' },
    });
    const observing = (await invited).accept<{ list: unknown[] }>();
    expect((await peer.responseTo('invite')).body).toEqual({ code: 200 });
    const request = await vi.waitFor(() => {
      const found = peer.received.find(({ type, to }) => type === 'subscribe' && to === subscriptionOf(O));
      if (!found) throw new Error('no subscription');
      return found;
    }, WAIT);
    expect(request).toMatchObject({ from: hyperty.url, body: { subscriber: hyperty.url, mutual: false } });
    const snapshot = { code: 200, schema: 's', owner: self, value: { ...value, data: { list: [1] }, version: 0 } };
    peer.send({ id: request.id, type: 'response', from: subscriptionOf(O), to: request.from, body: snapshot });
    const observer = await observing;
    expect(observer.object).toMatchObject({ url: O, name: 'n', reporter: self, version: 0, data: { list: [1] } });

    const update = (version: number, body: object) => ({
      id: version,
      type: 'update',
      from: O,
      to: changesOf(O),
      body: { version, source: self, lastModified: 'later', via: 'a protostub', mutual: true, ...body },
    });
    const element = { attribute: 'list.1', attributeType: 'array' };
    peer.send(update(2, { ...element, operation: 'remove', value: 2 }));
    peer.send(update(1, { ...element, operation: 'add', value: [2, 3] }));
    await vi.waitFor(() => expect(observer.version).toBe(2), WAIT);
    expect(observer.data).toEqual({ list: [1] });
    const child = vi.fn();
    observer.on('child', child);
    const body = { resource: `${self}#1`, value: 'hello' };
    peer.send({ id: 'child', type: 'create', from: self, to: `${O}/children/`, body });
    await vi.waitFor(() => expect(child).toHaveBeenCalled(), WAIT);
    expect(child).toHaveBeenCalledWith({ id: `${self}#1`, reporter: self, value: 'hello' });
    const deleted = vi.fn();
    observer.on('deleted', deleted);
    peer.send({ id: 'end', type: 'delete', from: subscriptionOf(O), to: changesOf(O) });
    await vi.waitFor(() => expect(deleted).toHaveBeenCalledTimes(1), WAIT);
  });

  it('loses an update, and is read again', async () => {
    const { hyperty, syncher } = await client();
    const peer = await signalling.client();
    const self = at.hyperty('lossy-reporter');
    const O = 'context://localhost/lossy';
    const body = { resources: [self, O, subscriptionOf(O)], source: self };
    await peer.ask({ type: 'subscribe', from: self, to: at.subscriptions, body });
    const answer = async (type: string, to: string, version: number) => {
      const request = await vi.waitFor(() => {
        const found = peer.received.find((message) => message.type === type && message.to === to);
        if (!found) throw new Error(`no ${type}`);
        return found;
      }, WAIT);
      const value = {
        url: O,
        reporter: self,
        schema: 's',
        created: 'c',
        lastModified: 'c',
        version,
        data: { version },
      };
      peer.send({ id: request.id, type: 'response', from: to, to: hyperty.url, body: { code: 200, value } });
    };
    const observing = syncher.subscribe<{ version: number }>(O, { patience: 50 });
    await answer('subscribe', subscriptionOf(O), 0);
    const observer = await observing;
    const events: string[] = [];
    observer.on('change', ({ version }) => events.push(`change ${version}`));
    observer.on('gapRepaired', (from, to) => events.push(`repaired ${from} → ${to}`));
    const update = (version: number) => ({ version, source: self, attribute: 'version', value: version });
    for (const version of [1, 3, 4]) {
      peer.send({ id: version, type: 'update', from: O, to: changesOf(O), body: update(version) });
    }
    await answer('read', O, 3);
    await vi.waitFor(() => expect(observer.data).toEqual({ version: 4 }), WAIT);
    expect(events).toEqual(['change 1', 'repaired 1 → 3', 'change 4']);
  });
});

it('nobody else updates an object, nor deletes it', async () => {
  const { reporter, observer } = await observed();
  const thief = await signalling.client();
  const body = { version: 1, source: 'hyperty://localhost/thief', attribute: 'home', value: 99 };
  const forged = { type: 'update', from: reporter.url, to: changesOf(reporter.url), body } as const;
  expect((await thief.ask(forged)).body?.code).toBe(403);
  const end = { type: 'delete', from: subscriptionOf(reporter.url), to: changesOf(reporter.url) } as const;
  expect((await thief.ask(end)).body?.code).toBe(403);
  thief.send({ id: 'own', ...forged, from: at.hyperty('thief') });
  reporter.update('home', 1);
  await inStep(reporter, observer);
  expect(observer.data.home).toBe(1);
});
