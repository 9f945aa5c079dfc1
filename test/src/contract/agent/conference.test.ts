import { Conference } from '@hyperroom/media-agent/testing';
import type { MediaKind, SubscriptionChoice, Subscriptions } from '@hyperroom/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BrowserPeer } from '../kurento/browser-peer.ts';
import { type Browser, Call } from './call.ts';

const LATER = { timeout: 10_000, interval: 20 };

let call: Call;

beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  call = await Call.start();
  await call.startAgent();
});
afterEach(async () => {
  await call.close();
  vi.unstubAllEnvs();
});

const eventually = (assertion: () => void) => vi.waitFor(assertion, LATER);

/** Resolves when some more packets have come, which say whose they are. */
async function more(peer: BrowserPeer | undefined, kind: MediaKind, label = ''): Promise<void> {
  const before = peer?.received[kind].length ?? 0;
  const fresh = () => peer?.received[kind].slice(before).filter(({ payload }) => payload.toString().startsWith(label));
  await eventually(() => expect(fresh()?.length).toBeGreaterThan(3));
}

/** Nothing of a kind comes any more, while the other kind goes on. */
async function stopped(peer: BrowserPeer | undefined, kind: MediaKind): Promise<void> {
  const other = kind === 'audio' ? 'video' : 'audio';
  await eventually(async () => {
    const before = peer?.received[kind].length;
    await more(peer, other);
    expect(peer?.received[kind].length).toBe(before);
  });
}

async function meet(...ids: string[]): Promise<Browser[]> {
  const browsers: Browser[] = [];
  for (const id of ids) browsers.push(await call.join(id));
  await eventually(() => {
    for (const each of browsers) for (const other of browsers) expect(each === other || each.sees(other.id)).toBe(true);
  });
  return browsers;
}

const main = (participant: string, choice: Partial<SubscriptionChoice>): SubscriptionChoice => ({
  participant,
  publication: 'main',
  subscribed: true,
  paused: [],
  ...choice,
});
const wish = (id: string, subscriptions: Subscriptions) => call.send(call.conference.update(id, [], { subscriptions }));

describe('a receiver', () => {
  test('pauses video alone, and shows a picture within a second of its return', async () => {
    const [a] = await meet('a', 'b');
    const shown = a?.showing('b');
    wish('a', { revision: 1, auto: true, choices: [main('b', { paused: ['video'] })] });
    await stopped(shown, 'video');
    const began = performance.now();
    wish('a', { revision: 2, auto: true, choices: [] });
    await more(shown, 'video');
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  test('gives up what is not subscribed to, and takes it again over another connection', async () => {
    const [a] = await meet('a', 'b');
    const before = a?.showing('b');
    wish('a', { revision: 1, auto: false, choices: [] });
    await eventually(() => expect([...(a?.errors.keys() ?? [])]).toHaveLength(1));
    await eventually(() => expect(call.engine.counts()).toMatchObject({ endpoints: 5 }));
    for (const url of a?.errors.keys() ?? []) a?.shown.delete(url);
    wish('a', { revision: 2, auto: false, choices: [main('b', {})] });
    await eventually(() => expect(a?.sees('b')).toBe(true));
    expect(a?.showing('b')).not.toBe(before);
  });

  test('is switched to whoever speaks, without a new connection', async () => {
    call.conference = new Conference({ roster: { lastN: 1 } });
    await call.join('a');
    await call.join('b');
    const c = await call.join('c');
    await eventually(() => expect(c.sees('a')).toBe(true));
    const receiver = c.showing('a');
    expect(call.engine.counts()).toEqual({ pipelines: 1, endpoints: 6 });

    call.send(call.conference.speak('b'));
    await more(receiver, 'video', 'b-main');
    await more(receiver, 'audio', 'b-main');
    await eventually(() => expect(c.showing('b')).toBe(receiver));
    expect(call.engine.counts()).toEqual({ pipelines: 1, endpoints: 6 });
  });
});

describe('a moderator’s block', () => {
  test('keeps a kind from everybody until it is lifted, even over a new connection', async () => {
    const [a, b, c] = await meet('a', 'b', 'c');
    call.send(call.conference.block('b', 'main', 'audio'));
    await Promise.all([stopped(a?.showing('b'), 'audio'), stopped(c?.showing('b'), 'audio')]);

    if (b) call.send(call.conference.update('b', [await b.publication('main')]));
    await more(a?.showing('b'), 'video', 'b-main1');
    await stopped(a?.showing('b'), 'audio');
    call.send(call.conference.block('b', 'main'));
    await more(a?.showing('b'), 'audio', 'b-main1');
  });
});

describe('a publication', () => {
  test('replaced by another connection goes on over the receivers that there are', async () => {
    const [a, b] = await meet('a', 'b');
    const shown = b?.showing('a');
    const posts = call.api.postsTo('conn-b').length;
    if (a) call.send(call.conference.update('a', [await a.publication('main')]));
    await more(shown, 'video', 'a-main1');
    await more(shown, 'audio', 'a-main1');
    await eventually(() => expect(call.engine.counts()).toEqual({ pipelines: 1, endpoints: 6 }));
    expect(call.api.postsTo('conn-b')).toHaveLength(posts);
    await eventually(() =>
      expect(call.api.reports.at(-1)).toMatchObject({ participant: 'a', publication: 'main', media: 'connected' }),
    );
  });

  test('of a screen comes and goes beside the other', async () => {
    const [a, b] = await meet('a', 'b');
    if (a) call.send(call.conference.update('a', [await a.publication('screen')]));
    await eventually(() => expect(b?.sees('a', 'screen')).toBe(true));
    await more(b?.showing('a', 'screen'), 'video', 'a-screen');
    expect(call.engine.counts()).toEqual({ pipelines: 1, endpoints: 8 });

    call.send(call.conference.unpublish('a', 'screen'));
    await eventually(() => expect(call.engine.counts()).toEqual({ pipelines: 1, endpoints: 6 }));
    await more(b?.showing('a'), 'video', 'a-main');
  });

  test('that Kurento does not take is reported, and its participant stays', async () => {
    const [a] = await meet('a', 'b');
    const offer = await a?.publication('screen');
    if (!offer) expect.fail();
    offer.data.connectionDescription.sdp += 'garbage';
    const update = call.conference.update('a', [offer]);
    call.send(update);
    await eventually(() =>
      expect(call.responsesTo(update)).toMatchObject([{ code: 200, connections: [{ error: expect.any(String) }] }]),
    );
    await eventually(() =>
      expect(call.api.reports.at(-1)).toMatchObject({ report: 'unpublished', connection: offer.url }),
    );
    await more(a?.showing('b'), 'video');
    expect(call.engine.counts()).toEqual({ pipelines: 1, endpoints: 6 });
  });
});

describe('an empty room that lasts', () => {
  test('holds nothing, and is reported on time', async () => {
    call.conference = new Conference({ roster: { emptyTimeout: 50 } });
    await call.join('a');
    await eventually(() => expect(call.engine.counts()).toEqual({ pipelines: 1, endpoints: 2 }));
    call.send(call.conference.leave('a'));
    await eventually(() => expect(call.engine.counts()).toEqual({ pipelines: 0, endpoints: 0 }));
    await eventually(() => expect(call.api.reports.at(-1)).toMatchObject({ report: 'empty', version: 2 }));

    const b = await call.join('b');
    await eventually(() => expect(b.publisher.state).toBe('connected'));
  });
});
