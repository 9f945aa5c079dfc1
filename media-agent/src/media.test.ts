import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Counts } from './counts.ts';
import { MediaServer } from './kurento/index.ts';
import { intent, TraceServer } from './kurento/trace-server.ts';
import { SILENT } from './log.ts';
import { MediaExecutor } from './media.ts';
import type { AgentEvent } from './rooms/events.ts';

let kurento: TraceServer;
let server: MediaServer;
let media: MediaExecutor;
let counts: Counts;
let events: AgentEvent[];

const ROOM = 'comm://example.test/room i1';
const endpoint = (url: string) => ({ room: ROOM, stay: 'a@1', url });

beforeEach(async () => {
  kurento = await TraceServer.listen(['two-party-call', 'errors', 'server-manager', 'session-resume', 'transcoding']);
  kurento.answer('invoke setMaxVideoRecvBandwidth', () => ({ result: { value: null } }));
  server = await MediaServer.connect(kurento.url, { deadlineMs: 500 });
  events = [];
  counts = new Counts();
  media = new MediaExecutor({
    server,
    nodeId: '1',
    capacity: 8,
    emit: (event) => events.push(event),
    counts,
    log: SILENT,
  });
});
afterEach(async () => {
  server.close();
  await kurento.close();
});

const intents = () => kurento.intents();
const count = (what: string) => intents().filter((intent) => intent === what).length;

test('a connection gets its bandwidth before the offer, when it still counts', async () => {
  media.openRoom(ROOM);
  await media.answer(endpoint('a-pub'), 'publish', 'offer', 1500);
  await media.answer(endpoint('a-r0'), 'receive', 'offer', 1500);
  const said = kurento.requests
    .filter((request) => /Bandwidth|processOffer/.test(intent(request)))
    .map(({ params }) => params?.operationParams);
  expect(said).toEqual([
    { maxVideoRecvBandwidth: 1500 },
    { offer: 'offer' },
    { maxVideoSendBandwidth: 1500 },
    { offer: 'offer' },
  ]);
});

test('all the legs of a room share one pipeline', async () => {
  media.openRoom(ROOM);
  await Promise.all(['a', 'b', 'c'].map((url) => media.answer(endpoint(url), 'publish', 'offer', 1500)));
  expect(count('create MediaPipeline')).toBe(1);
  expect(media.endpointCount).toBe(3);
  expect(events.map(({ type }) => type)).toEqual(['answered', 'answered', 'answered']);
});

test('what the media server calls them is known; that it begins to transcode is counted, that it ends is not', async () => {
  media.openRoom(ROOM);
  expect(media.objectsOf(ROOM, [endpoint('a')])).toEqual({ pipeline: null, endpoints: [] });
  await media.answer(endpoint('a'), 'publish', 'offer', 1500);
  const { pipeline, endpoints } = media.objectsOf(ROOM, [endpoint('a'), endpoint('unknown')]);
  expect(pipeline).toMatch(/MediaPipeline$/);
  expect(endpoints).toEqual([expect.stringMatching(/WebRtcEndpoint$/)]);
  const type = 'MediaTranscodingStateChanged';
  await vi.waitFor(() => expect(intents()).toContain(`subscribe ${type}`));
  for (const state of ['TRANSCODING', 'NOT_TRANSCODING']) kurento.emit(String(endpoints[0]), type, state);
  await server.info();
  expect(counts.take()).toMatchObject({ transcodings: 1 });
});

test('a pipeline that failed is tried again by the next offer', async () => {
  kurento.answer('create MediaPipeline', () => ({ error: { code: 40007, message: 'no' } }));
  media.openRoom(ROOM);
  await media.answer(endpoint('a'), 'publish', 'offer', 1500);
  expect(events).toMatchObject([{ type: 'unanswered', code: 503 }]);
  kurento.answerAsRecorded('create MediaPipeline');
  await media.answer(endpoint('b'), 'publish', 'offer', 1500);
  expect(events.at(-1)).toMatchObject({ type: 'answered' });
});

test('an offer that Kurento refuses is the fault of the offer, and its endpoint is given back', async () => {
  kurento.answer('invoke processOffer', () => ({ error: { code: 40201, message: 'Invalid SDP' } }));
  media.openRoom(ROOM);
  await media.answer(endpoint('a'), 'publish', 'offer', 1500);
  expect(events).toMatchObject([{ type: 'unanswered', code: 400, reason: expect.stringContaining('Invalid SDP') }]);
  await vi.waitFor(() => expect(count('release')).toBe(1));
  expect(media.endpointCount).toBe(0);
});

test('an endpoint given up while it was being created is given back', async () => {
  media.openRoom(ROOM);
  const answered = media.answer(endpoint('a'), 'publish', 'offer', 1500);
  await kurento.seen('create WebRtcEndpoint');
  media.release(endpoint('a'));
  await answered;
  await vi.waitFor(() => expect(count('release')).toBe(1));
  expect(count('invoke processOffer'), 'its offer is of no interest any more').toBe(0);
});

test('nothing is created beyond the capacity while what was given up is still there', async () => {
  media.openRoom(ROOM);
  const urls = Array.from({ length: 8 }, (_, number) => `r${number}`);
  await Promise.all(urls.map((url) => media.answer(endpoint(url), 'receive', 'offer', 1500)));
  kurento.answer('release', () => 'silence');
  media.release(endpoint('r0'));
  await kurento.seen('release');
  const next = media.answer(endpoint('r8'), 'receive', 'offer', 1500);
  await new Promise(setImmediate);
  expect(count('create WebRtcEndpoint')).toBe(8);
  await next;
  expect(count('create WebRtcEndpoint'), 'the silence is over').toBe(9);
});

test('what is given up before its turn has come is not created at all', async () => {
  media.openRoom(ROOM);
  const urls = Array.from({ length: 9 }, (_, number) => `r${number}`);
  const answers = urls.map((url) => media.answer(endpoint(url), 'receive', 'offer', 1500));
  media.release(endpoint('r8'));
  await Promise.all(answers);
  expect(count('create WebRtcEndpoint')).toBe(8);
  expect(events.filter(({ type }) => type === 'unanswered')).toHaveLength(1);
});

test('what could not be given back while Kurento was out of reach is given back later', async () => {
  media.openRoom(ROOM);
  await media.answer(endpoint('a'), 'publish', 'offer', 1500);
  const back = once(server, 'reconnected');
  const lost = once(server, 'lost');
  kurento.dropSockets();
  await lost;
  await media.closeRoom(ROOM);
  expect(count('release')).toBe(0);
  await back;
  await media.releaseLeftovers();
  expect(count('release')).toBe(1);
  await media.releaseLeftovers();
  expect(count('release')).toBe(1);
});

describe('what a receiver is connected to', () => {
  const [one, two, receiver] = [endpoint('one'), endpoint('two'), endpoint('r')];
  const wiring = () =>
    kurento.requests
      .filter((request) => /connect$/.test(intent(request)))
      .map((request) => `${intent(request)} ${request.params?.operationParams?.mediaType ?? 'all'}`);

  beforeEach(async () => {
    kurento.answer('invoke disconnect', () => ({ result: { value: null } }));
    media.openRoom(ROOM);
    await media.answer(one, 'publish', 'offer', 1500);
    await media.answer(two, 'publish', 'offer', 1500);
    await media.answer(receiver, 'receive', 'offer', 1500);
  });

  test('changes by kind, or all at once', async () => {
    await media.link(one, receiver, ['audio', 'video']);
    await media.unlink(one, receiver, ['video']);
    await media.link(one, receiver, ['video']);
    expect(wiring()).toEqual(['invoke connect all', 'invoke disconnect VIDEO', 'invoke connect VIDEO']);
  });

  test('changes in the order in which it was asked for, one after the other', async () => {
    kurento.answer('invoke connect', () => 'silence');
    const first = media.link(one, receiver, ['audio', 'video']);
    const next = media.unlink(one, receiver, ['audio']);
    await kurento.seen('invoke connect');
    kurento.answer('invoke connect', () => ({ result: { value: null } }));
    const last = media.link(two, receiver, ['video']);
    expect(wiring()).toEqual(['invoke connect all']);
    await Promise.all([first, next, last]);
    expect(wiring()).toEqual(['invoke connect all', 'invoke disconnect AUDIO', 'invoke connect VIDEO']);
  });

  test('if it cannot be changed, it counts as closed: it might show what it must not', async () => {
    await media.link(one, receiver, ['audio', 'video']);
    kurento.answer('invoke disconnect', () => ({ error: { code: 40101, message: 'no' } }));
    await media.unlink(one, receiver, ['video']);
    expect(events.at(-1)).toEqual({ type: 'transport', endpoint: receiver, state: 'closed' });
  });

  test('is no matter any more once either of them has been given up', async () => {
    media.release(one);
    await media.link(one, receiver, ['audio', 'video']);
    media.release(receiver);
    await media.link(two, receiver, ['audio', 'video']);
    expect(wiring()).toEqual([]);
  });
});
