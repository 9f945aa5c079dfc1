import { once } from 'node:events';
import { domainAddresses, HeartbeatReport, type MediaCommand } from '@hyperroom/protocol';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Counts } from './counts.ts';
import { type LinkOptions, SignallingLink } from './link.ts';
import { LinkError } from './link-error.ts';
import { SILENT } from './log.ts';
import { Conference } from './rooms/testing.ts';
import { openWebSocket } from './socket.ts';
import { FakeApi } from './testing/fake-api.ts';

const addresses = domainAddresses('example.test');
const hyperty = addresses.hyperty('media-1');
const STATUS = { instance: 'i', capacity: 10, load: 0 };

let api: FakeApi;
const links: SignallingLink[] = [];

beforeEach(async () => {
  api = await FakeApi.listen();
});
afterEach(async () => {
  for (const link of links.splice(0)) await link.close();
  await api.close();
});

function link(options: Partial<LinkOptions> = {}): SignallingLink {
  const timings = { heartbeatMs: 20, deadlineMs: 200, retryMs: 5, maxRetryMs: 20, ...options.timings };
  const token = async () => 'secret';
  const made = new SignallingLink({
    url: api.url,
    openSocket: (url) => openWebSocket(url, timings.deadlineMs),
    token,
    addresses,
    hyperty,
    status: () => STATUS,
    counts: new Counts(),
    isEmpty: () => false,
    log: SILENT,
    ...options,
    timings,
  });
  links.push(made);
  return made;
}

describe('registration', () => {
  test('is one frame: the hyperty at the registry, the node at the conference', async () => {
    await link().start();
    expect(api.tokens).toEqual(['secret']);
    expect(api.frames[0]).toMatchObject([
      {
        type: 'create',
        from: hyperty,
        to: addresses.registry,
        body: { value: { url: hyperty, descriptor: 'media-node', resources: ['audio', 'video'] } },
      },
      { type: 'create', from: hyperty, to: addresses.media, body: { value: STATUS } },
    ]);
  });

  test('is tried until the API can be reached', async () => {
    api.handshakeStatus = 500;
    const started = link().start();
    await vi.waitFor(() => expect(api.tokens.length).toBeGreaterThan(2));
    api.handshakeStatus = 101;
    await started;
  });

  test('is tried again if the conference fails', async () => {
    const codes = [500, 429];
    api.responseCode = () => codes.shift() ?? 200;
    await link().start();
    expect(api.tokens.length).toBeGreaterThan(1);
  });

  test.each([
    ['by the handshake', () => Object.assign(api, { handshakeStatus: 403 })],
    ['by the conference', () => Object.assign(api, { responseCode: () => 403 })],
  ])('refused %s is not tried again', async (_, refuse) => {
    refuse();
    await expect(link().start()).rejects.toMatchObject({ code: 'refused', status: 403 });
    expect(api.tokens).toHaveLength(1);
  });

  test('ends with the socket and is done again, with a token read anew', async () => {
    const tokens = ['first', 'second'];
    const made = link({ token: async () => tokens.shift() ?? 'last' });
    await made.start();
    const lost = once(made, 'lost');
    const again = once(made, 'registered');
    api.dropSockets();
    await lost;
    expect(made.isRegistered).toBe(false);
    await again;
    expect(api.tokens).toEqual(['first', 'second']);
    expect(api.messages.filter(({ type }) => type === 'create')).toHaveLength(4);
  });

  test('is given back at the end', async () => {
    const made = link();
    await made.start();
    await made.close();
    expect(api.messages.at(-1)).toMatchObject({
      type: 'update',
      to: addresses.registry,
      body: { resource: hyperty, value: 'disconnected' },
    });
    await vi.waitFor(() => expect(api.socketCount).toBe(0));
  });

  test('is kept by who hangs up without a word: somebody is expected in its place', async () => {
    const made = link();
    await made.start();
    made.hangUp();
    await vi.waitFor(() => expect(api.socketCount).toBe(0));
    expect(made.isRegistered).toBe(false);
    expect(api.messages).not.toContainEqual(expect.objectContaining({ body: { value: 'disconnected' } }));
    expect(api.tokens).toHaveLength(1);
  });

  test('can be given up while the API is out of reach', async () => {
    api.handshakeStatus = 500;
    const made = link({ timings: { retryMs: 60_000, maxRetryMs: 60_000 } });
    const started = made.start();
    await vi.waitFor(() => expect(api.tokens).toHaveLength(1));
    await made.close();
    await expect(started).rejects.toThrow();
  });
});

describe('heartbeats', () => {
  test('tell the load', async () => {
    const made = link();
    await made.start();
    await once(made, 'heartbeat');
    await vi.waitFor(() =>
      expect(api.messages).toContainEqual(
        expect.objectContaining({
          type: 'update',
          body: { report: 'heartbeat', witness: false, value: STATUS, counts: expect.anything() },
        }),
      ),
    );
  });

  test('tell whether this node can be believed about others: not before some have been answered', async () => {
    const made = link();
    await made.start();
    const witness = () =>
      api.messages.flatMap(({ body }) => {
        const heartbeat = v.safeParse(HeartbeatReport, body);
        return heartbeat.success ? heartbeat.output.witness : [];
      });
    await vi.waitFor(() => expect(witness().at(-1)).toBe(true));
    expect(witness()[0]).toBe(false);
  });

  test('that are forbidden show that an earlier socket has the address: it registers by another', async () => {
    const made = link();
    await made.start();
    api.responseCode = ({ body }) => (v.is(HeartbeatReport, body) ? 403 : 200);
    await once(made, 'lost');
    api.responseCode = () => 200;
    await once(made, 'heartbeat');
    expect(made.isRegistered).toBe(true);
  });

  test('unanswered make the link connect anew', async () => {
    const made = link({ timings: { deadlineMs: 50, heartbeatMs: 20 } });
    await made.start();
    const lost = once(made, 'lost');
    api.responseCode = () => null;
    await lost;
    api.responseCode = () => 200;
    await vi.waitFor(() => expect(made.isRegistered).toBe(true));
    const told = () => api.messages.flatMap(({ body }) => (v.is(HeartbeatReport, body) ? (body.counts ?? []) : []));
    await vi.waitFor(() => expect(told().at(-1)).toMatchObject({ reconnects: 1 }));
  });
});

describe('a socket that grows old', () => {
  const timings = { rolloverMs: 50, overlapMs: 40, heartbeatMs: 20, deadlineMs: 200, retryMs: 5, maxRetryMs: 20 };

  test('is followed by another, which registers before the first one closes', async () => {
    const made = link({ timings });
    let lost = 0;
    made.on('lost', () => lost++);
    await made.start();
    await once(made, 'registered');
    expect(api.socketCount).toBe(2);
    expect(made.isRegistered).toBe(true);
    await once(api, 'closed');
    expect(made.isRegistered).toBe(true);
    expect(lost).toBe(0);
  });

  test('is still read for a while: commands come over both', async () => {
    const made = link({ timings: { ...timings, overlapMs: 60_000, rolloverMs: 20 } });
    const taken: MediaCommand[] = [];
    made.on('command', (command) => taken.push(command));
    await made.start();
    await once(made, 'registered');
    const sync = new Conference().sync();
    api.command(sync);
    await vi.waitFor(() => expect(taken.length).toBeGreaterThanOrEqual(2));
    expect(taken[0]).toEqual(sync);
  });

  test('serves until the other stands, however long that takes', async () => {
    const made = link({ timings });
    await made.start();
    api.handshakeStatus = 500;
    const attempts = api.tokens.length;
    await vi.waitFor(() => expect(api.tokens.length).toBeGreaterThan(attempts + 2));
    await expect(made.report({ report: 'heartbeat', witness: false, value: STATUS })).resolves.toMatchObject({
      code: 200,
    });
    api.handshakeStatus = 101;
    await once(made, 'registered');
  });

  test('may break in that very moment: one connection comes of it', async () => {
    const made = link({ timings: { ...timings, overlapMs: 5 } });
    await made.start();
    api.handshakeStatus = 500;
    const attempts = api.tokens.length;
    await vi.waitFor(() => expect(api.tokens.length).toBeGreaterThan(attempts));
    api.dropSockets();
    await once(made, 'lost');
    api.handshakeStatus = 101;
    const registrations = () => api.messages.filter(({ to }) => to === addresses.registry).length;
    const before = registrations();
    await once(made, 'registered');
    expect(registrations()).toBe(before + 1);
  });
});

describe('reports', () => {
  const report = { report: 'heartbeat', witness: true, value: STATUS } as const;

  test('get their response', async () => {
    const made = link();
    await made.start();
    api.responseCode = () => 404;
    await expect(made.report(report)).resolves.toMatchObject({ code: 404, description: 'not so' });
  });

  test('fail while there is no connection, and when it breaks', async () => {
    const made = link({ timings: { retryMs: 60_000, maxRetryMs: 60_000 } });
    await expect(made.report(report)).rejects.toEqual(new LinkError('down', 'not connected'));
    await made.start();
    api.responseCode = () => null;
    const unanswered = made.report(report);
    const broken = expect(unanswered).rejects.toMatchObject({ code: 'down' });
    api.dropSockets();
    await broken;
  });
});

describe('responses', () => {
  test('that it does not wait for itself are handed on', async () => {
    const made = link();
    await made.start();
    const heard = once(made, 'response');
    const answer = {
      id: 'probe-1',
      type: 'response',
      from: 'hyperty://example.test/a',
      to: hyperty,
      body: { code: 200 },
    };
    api.send(JSON.stringify(answer));
    expect(await heard).toEqual([answer]);
  });
});

describe('commands', () => {
  test('are handed on if the conference sends them to this node; all else is dropped', async () => {
    const made = link();
    const taken: MediaCommand[] = [];
    made.on('command', (command) => taken.push(command));
    await made.start();
    const sync = new Conference().sync();
    api.send('garbage');
    api.send('[]');
    api.send(JSON.stringify({ id: 1, type: 'execute', from: addresses.conference, to: hyperty, body: { command: 7 } }));
    api.command(sync, 'hyperty://example.test/somebody');
    api.send(JSON.stringify({ id: 1, type: 'execute', from: addresses.conference, to: addresses.media, body: sync }));
    api.command(sync);
    await vi.waitFor(() => expect(taken).toEqual([sync]));
    expect(made.isRegistered).toBe(true);
  });
});
