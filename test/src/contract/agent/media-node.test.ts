import { Conference, connection, offerSdp } from '@hyperroom/media-agent/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Call } from './call.ts';

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

describe('a call', () => {
  test('joins are answered with candidates in one frame each, and media flow both ways', async () => {
    const a = await call.join('a');
    const b = await call.join('b');
    await eventually(() => expect([a.sees('b'), b.sees('a')]).toEqual([true, true]));

    expect(call.api.posts.filter(({ connectionId }) => connectionId === 'conn-b')).toHaveLength(1);
    const [answer] = call.api.postsTo('conn-b');
    expect(JSON.stringify(answer?.body)).toMatch(/a=candidate:[^"]* 127\.0\.0\.1 /);
    await eventually(() =>
      expect(call.api.reports).toMatchObject([
        { report: 'media', participant: 'a', media: 'connected' },
        { report: 'media', participant: 'b', media: 'connected' },
      ]),
    );
  });

  test('a third is seen over the spares, with one push to each of the others', async () => {
    const a = await call.join('a');
    const b = await call.join('b');
    await eventually(() => expect([a.sees('b'), b.sees('a')]).toEqual([true, true]));
    const before = call.api.posts.length;

    const c = await call.join('c');
    await eventually(() => expect([a, b].map((other) => other.sees('c'))).toEqual([true, true]));
    await eventually(() => expect([c.sees('a'), c.sees('b')]).toEqual([true, true]));
    const posts = call.api.posts.slice(before).map(({ connectionId }) => connectionId);
    expect(posts.sort()).toEqual(['conn-a', 'conn-b', 'conn-c']);
  });

  test('ends without a trace at the media server, one by one', async () => {
    const a = await call.join('a');
    const b = await call.join('b');
    await eventually(() => expect([a.sees('b'), b.sees('a')]).toEqual([true, true]));
    expect(call.engine.counts()).toEqual({ pipelines: 1, endpoints: 6 });

    await b.close();
    call.send(call.conference.leave('b'));
    await eventually(() => expect(call.engine.counts()).toEqual({ pipelines: 1, endpoints: 2 }));
    call.send(call.conference.leave('a'));
    await eventually(() => expect(call.engine.counts()).toEqual({ pipelines: 0, endpoints: 0 }));
    expect(call.agent?.health).toMatchObject({ rooms: 0, endpoints: 0 });
  });

  test('an offer that Kurento does not take costs its sender the join, and nobody else anything', async () => {
    const a = await call.join('a');
    const join = call.conference.join('b', [connection('b', 'b-pub', 'main', `${offerSdp('b')}garbage`)]);
    call.send(join);
    await eventually(() => expect(call.responsesTo(join)).toMatchObject([{ code: 400 }]));
    await eventually(() => expect(call.api.reports).toContainEqual(expect.objectContaining({ report: 'gone' })));
    call.send(call.conference.leave('b'));

    const c = await call.join('c');
    await eventually(() => expect([a.sees('c'), c.sees('a')]).toEqual([true, true]));
    expect(call.engine.counts()).toEqual({ pipelines: 1, endpoints: 6 });
  });
});

describe('a lost client', () => {
  test('that stays away is reported when its grace is over', async () => {
    await call.join('a');
    call.send(call.conference.vanish('a'));
    await eventually(() =>
      expect(call.api.reports).toContainEqual(
        expect.objectContaining({ report: 'gone', participant: 'a', onlyIfDisconnected: true }),
      ),
    );
  });

  test('whose connection turns out to be gone is reported even if nobody has noticed', async () => {
    call.api.postStatus = (connectionId) => (connectionId === 'conn-a' ? 410 : 200);
    await call.join('a');
    await eventually(() =>
      expect(call.api.reports).toContainEqual(
        expect.objectContaining({ report: 'gone', participant: 'a', onlyIfDisconnected: false }),
      ),
    );
  });

  test('whose peer connection closes has failed media, and keeps its place', async () => {
    const a = await call.join('a');
    await eventually(() => expect(call.api.reports).toHaveLength(1));
    await a.publisher.close();
    await eventually(() => expect(call.api.reports).toMatchObject([{ media: 'connected' }, { media: 'failed' }]));
    expect(call.engine.counts()).toMatchObject({ pipelines: 1 });
  });
});

describe('faults', () => {
  test('signalling lost and back: the call goes on, and what happened meanwhile is reported', async () => {
    const a = await call.join('a');
    const b = await call.join('b');
    await eventually(() => expect([a.sees('b'), b.sees('a')]).toEqual([true, true]));
    call.api.handshakeStatus = 500;
    call.api.dropSockets();
    await eventually(() => expect(call.agent?.health.signalling).toBe(false));
    const reports = call.api.reports.length;
    const received = a.showing('b')?.received.video.length ?? 0;
    await eventually(() => expect(a.showing('b')?.received.video.length).toBeGreaterThan(received + 3));

    await b.publisher.close();
    call.api.handshakeStatus = 101;
    await eventually(() =>
      expect(call.api.reports.slice(reports)).toMatchObject([{ participant: 'b', media: 'failed' }]),
    );
    expect(call.engine.counts()).toEqual({ pipelines: 1, endpoints: 6 });
  });

  test('Kurento restarted: joins are refused until it is back, and then answered', async () => {
    await call.join('a');
    await eventually(() => expect(call.api.reports).toHaveLength(1));
    await call.restartEngine(async () => {
      await eventually(() => expect(call.agent?.health.kurento).toBe(false));
      expect((await fetch(`${call.agent?.healthUrl}/healthz`)).status).toBe(503);
      const refused = call.conference.join('b', [connection('b', 'b-pub', 'main')]);
      call.send(refused);
      await eventually(() => expect(call.responsesTo(refused)).toMatchObject([{ code: 503 }]));
      call.send(call.conference.leave('b'));
    });
    await eventually(() => expect(call.agent?.health.kurento).toBe(true));
    await eventually(() =>
      expect(call.api.reports).toContainEqual(expect.objectContaining({ report: 'lost', epoch: 1 })),
    );
    call.send(call.conference.move());
    const c = await call.join('c');
    await eventually(() => expect(c.publisher.state).toBe('connected'));
  });

  test('an end does not wait for ever for a dead media server and a silent API', async () => {
    await call.join('a');
    await eventually(() => expect(call.engine.counts()).toMatchObject({ endpoints: 2 }));
    call.api.responseCode = () => null;
    await call.engine.close();
    const began = performance.now();
    await call.agent?.stop();
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test('an end gives everything back', async () => {
    const other = new Conference({ roomId: 'other' });
    await call.join('a');
    call.send(other.join('x', await call.receiverOffer('x')));
    await eventually(() => expect(call.engine.counts()).toMatchObject({ pipelines: 2 }));
    await call.agent?.stop();
    expect(call.engine.counts()).toEqual({ pipelines: 0, endpoints: 0 });
    expect(call.api.messages.at(-1)).toMatchObject({ body: { value: 'disconnected' } });
    expect(call.api.reports.filter(({ report }) => report === 'gone')).toEqual([]);
  });
});
