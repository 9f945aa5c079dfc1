import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KurentoEndpoint as Endpoint } from './endpoint.ts';
import type { Direction } from './media-port.ts';
import { MediaServer } from './media-server.ts';
import { type Exchange, intent, loadTrace, TraceServer } from './trace-server.ts';

const TRACES = ['server-manager', 'two-party-call', 'session-resume', 'peer-vanish', 'transcoding', 'recorder'];
const OFFER = 'v=0\r\n';
const CANDIDATE = { candidate: 'candidate:1 1 udp 2122260223 127.0.0.1 5000 typ host', sdpMid: '0', sdpMLineIndex: 0 };

let kurento: TraceServer;
let server: MediaServer;

beforeEach(async () => {
  kurento = await TraceServer.listen(TRACES);
  server = await MediaServer.connect(kurento.url, { deadlineMs: 500 });
});
afterEach(async () => {
  server.close();
  await kurento.close();
});

async function createEndpoint(direction: Direction = 'publish'): Promise<Endpoint> {
  const pipeline = await server.createPipeline({ name: 'room-1' });
  return pipeline.createEndpoint({ name: 'alice', direction });
}

/** Resolves when the state events are subscribed to, which happens behind the answer. */
async function answered(endpoint: Endpoint): Promise<string> {
  const named = kurento.seen('invoke setName', endpoint.id);
  const answer = await endpoint.answer(OFFER);
  await named;
  return answer;
}

describe('answer', () => {
  it('has every candidate of the recorded session in it', async () => {
    const endpoint = await createEndpoint();
    const answer = await endpoint.answer(OFFER);
    const candidates = answer.match(/^a=candidate:.*$/gm) ?? [];
    expect(candidates).toHaveLength(12);
    expect(answer).toMatch(/^a=setup:active/m);
  });

  it('asks for what is needed, in that order, and for nothing else', async () => {
    const endpoint = await createEndpoint();
    const before = kurento.requests.length;
    await answered(endpoint);
    expect(kurento.intents().slice(before)).toEqual([
      'subscribe IceGatheringDone',
      'subscribe DtlsConnectionStateChange',
      'invoke processOffer',
      'invoke gatherCandidates',
      'invoke getLocalSessionDescriptor',
      'subscribe MediaFlowOutStateChanged',
      'subscribe MediaStateChanged',
      'subscribe MediaTranscodingStateChanged',
      'subscribe Error',
      'invoke setName',
    ]);
  });

  it('reads the description only after gathering is done', async () => {
    const endpoint = await createEndpoint();
    kurento.holdGathering();
    const answer = endpoint.answer(OFFER);
    await kurento.seen('invoke gatherCandidates');
    await server.info();
    expect(kurento.intents()).not.toContain('invoke getLocalSessionDescriptor');
    kurento.emit(endpoint.id, 'IceGatheringDone');
    expect(await answer).toContain('a=candidate:');
  });

  it('frees waiting candidates when it fails', async () => {
    const endpoint = await createEndpoint();
    const added = endpoint.addCandidate(CANDIDATE);
    kurento.answer('invoke processOffer', () => recordedError(40201).reply);
    await expect(endpoint.answer(OFFER)).rejects.toMatchObject({ kurentoCode: 40201 });
    expect(await added).toBeUndefined();
  });

  it('times out when gathering never ends', async () => {
    const endpoint = await createEndpoint();
    kurento.holdGathering();
    await expect(endpoint.answer(OFFER)).rejects.toMatchObject({ name: 'MediaServerError', code: 'timeout' });
  });

  it('stops waiting when aborted', async () => {
    const endpoint = await createEndpoint();
    kurento.holdGathering();
    const leaving = new AbortController();
    const answer = endpoint.answer(OFFER, leaving.signal);
    await kurento.seen('invoke gatherCandidates');
    leaving.abort(new Error('left'));
    await expect(answer).rejects.toThrow('left');
  });
});

describe('candidates', () => {
  it('wait until gathering was asked for', async () => {
    const endpoint = await createEndpoint();
    const added = endpoint.addCandidate(CANDIDATE);
    await endpoint.answer(OFFER);
    expect(await added).toBeUndefined();
    const intents = kurento.intents();
    expect(intents.indexOf('invoke addIceCandidate')).toBeGreaterThan(intents.indexOf('invoke gatherCandidates'));
    const request = kurento.requests.find((one) => intent(one) === 'invoke addIceCandidate');
    expect(request?.params?.operationParams).toEqual({
      candidate: { ...CANDIDATE, __module__: 'kurento', __type__: 'IceCandidate' },
    });
  });

  it('that Kurento refuses come back as a value', async () => {
    const endpoint = await createEndpoint();
    await endpoint.answer(OFFER);
    kurento.answer('invoke addIceCandidate', () => recordedError(40401).reply);
    expect(await endpoint.addCandidate(CANDIDATE)).toMatchObject({ code: 'rejected', kurentoCode: 40401 });
  });

  it('of an endpoint that is never answered settle with its release', async () => {
    const endpoint = await createEndpoint();
    const added = endpoint.addCandidate(CANDIDATE);
    kurento.answer('invoke addIceCandidate', () => recordedError(40101).reply);
    await endpoint.release();
    expect(await added).toMatchObject({ kurentoCode: 40101 });
  });
});

describe('events', () => {
  it.each([
    ['connected', 'DtlsConnectionStateChange', 'CONNECTED', []],
    ['closed', 'DtlsConnectionStateChange', 'CLOSED', []],
    ['disconnected', 'MediaStateChanged', 'DISCONNECTED', []],
    ['flow', 'MediaFlowOutStateChanged', 'FLOWING', [{ direction: 'out', kind: 'audio', flowing: true }]],
    ['flow', 'MediaFlowOutStateChanged', 'NOT_FLOWING', [{ direction: 'out', kind: 'audio', flowing: false }]],
    ['transcoding', 'MediaTranscodingStateChanged', 'TRANSCODING', [{ kind: 'video', transcoding: true }]],
  ] as const)('%s: %s %s', async (event, type, state, expected) => {
    const endpoint = await createEndpoint();
    await answered(endpoint);
    const heard = once(endpoint, event);
    kurento.emit(endpoint.id, type, state);
    expect(await heard).toEqual(expected);
  });

  it('a subscription reports the flow into it', async () => {
    const endpoint = await createEndpoint('subscribe');
    await answered(endpoint);
    const heard = once(endpoint, 'flow');
    kurento.emit(endpoint.id, 'MediaFlowInStateChanged', 'FLOWING');
    expect(await heard).toEqual([{ direction: 'in', kind: 'audio', flowing: true }]);
    expect(kurento.intents()).not.toContain('subscribe MediaTranscodingStateChanged');
  });

  it('connected and closed come once, though DTLS reports them twice', async () => {
    const endpoint = await createEndpoint();
    await answered(endpoint);
    let connected = 0;
    endpoint.on('connected', () => connected++);
    kurento.emit(endpoint.id, 'DtlsConnectionStateChange', 'CONNECTED', 2);
    await server.info();
    expect(connected).toBe(1);
  });

  it("Kurento's own failures are news, not the end of the process", async () => {
    const endpoint = await createEndpoint();
    await answered(endpoint);
    kurento.emit(endpoint.id, 'Error');
    const heard = once(endpoint, 'error').catch((error: unknown) => [error]);
    kurento.emit(endpoint.id, 'Error');
    const [error] = await heard;
    expect(error).toMatchObject({ code: 'media-failed', message: expect.stringContaining('RESOURCE_ERROR_OPEN') });
  });
});

describe('an endpoint of another process', () => {
  const ID = 'p_kurento.MediaPipeline/e_kurento.WebRtcEndpoint';
  const TYPE = { hierarchy: ['kurento.MediaObject'], qualifiedType: 'kurento.WebRtcEndpoint', type: 'WebRtcEndpoint' };

  async function adopt(direction: Direction, watched = true): Promise<Endpoint> {
    const pipeline = await server.createPipeline({ name: 'room-1' });
    kurento.answer('describe', () => ({ result: TYPE }));
    return pipeline.adoptEndpoint(ID, { name: 'alice', direction, watched });
  }

  it('tells its events as if it were our own, without having been subscribed to again', async () => {
    const endpoint = await adopt('publish');
    const before = kurento.intents().length;
    kurento.assumeSubscribed(ID, 'DtlsConnectionStateChange');
    const heard = once(endpoint, 'closed');
    kurento.emit(ID, 'DtlsConnectionStateChange', 'CLOSED');
    await heard;
    expect(kurento.intents().slice(before)).toEqual([]);
  });

  it('is subscribed to if the other did not come to it', async () => {
    const named = kurento.seen('invoke setName', ID);
    const endpoint = await adopt('subscribe', false);
    await named;
    expect(kurento.intents()).toContain('subscribe MediaFlowInStateChanged');
    await vi.waitFor(() => expect(endpoint.watched).toBe(true));
  });

  it('takes candidates at once', async () => {
    const endpoint = await adopt('publish');
    expect(await endpoint.addCandidate(CANDIDATE)).toBeUndefined();
  });

  it('that Kurento does not have is refused', async () => {
    const pipeline = await server.createPipeline({ name: 'room-1' });
    kurento.answer('describe', () => recordedError(40101).reply);
    const adopted = pipeline.adoptEndpoint(ID, { name: 'alice', direction: 'publish', watched: true });
    await expect(adopted).rejects.toMatchObject({ code: 'rejected', kurentoCode: 40101 });
  });
});

describe('an endpoint that is asked how it is', () => {
  const value = (what: string, value: unknown) => kurento.answer(`invoke ${what}`, () => ({ result: { value } }));

  function toldBy(endpoint: Endpoint): unknown[] {
    const told: unknown[] = [];
    for (const event of ['connected', 'disconnected', 'closed'] as const) endpoint.on(event, () => told.push(event));
    endpoint.on('flow', ({ kind, flowing }) => told.push(`${kind} ${flowing}`));
    return told;
  }

  it.each([
    ['not connected yet', 'DISCONNECTED', 'DISCONNECTED', []],
    ['connected', 'CONNECTED', 'CONNECTED', ['connected', 'audio true', 'video true']],
    ['vanished', 'CONNECTED', 'DISCONNECTED', ['connected', 'disconnected', 'audio true', 'video true']],
  ])('tells it by its events: %s', async (_, connection, media, expected) => {
    const endpoint = await createEndpoint('publish');
    const told = toldBy(endpoint);
    value('getConnectionState', connection);
    value('getMediaState', media);
    value('isMediaFlowingOut', true);
    await endpoint.retell();
    expect(told).toEqual(expected);
  });

  it('knows the kinds that do not flow', async () => {
    const endpoint = await createEndpoint('publish');
    const told = toldBy(endpoint);
    kurento.answer('invoke isMediaFlowingOut', ({ params }) => ({
      result: { value: params?.operationParams?.mediaType === 'AUDIO' },
    }));
    await endpoint.retell();
    expect(told).toEqual(['connected', 'audio true', 'video false']);
  });

  it('on a subscription says nothing of media, which may fail to come for its source', async () => {
    const endpoint = await createEndpoint('subscribe');
    const told = toldBy(endpoint);
    value('getMediaState', 'DISCONNECTED');
    await endpoint.retell();
    expect(told).toEqual(['connected']);
  });

  it('knows where its media come from, kind by kind', async () => {
    const endpoint = await createEndpoint('subscribe');
    value('getSourceConnections', []);
    expect(await endpoint.sources()).toEqual({});
    const from = (type: string, source: string) => ({ type, source, sink: endpoint.id });
    value('getSourceConnections', [from('VIDEO', 'a'), from('DATA', 'a'), from('AUDIO', 'b')]);
    expect(await endpoint.sources()).toEqual({ audio: 'b', video: 'a' });
  });
});

/** With kurento-client alone this is an uncaught exception, which here would fail the whole run. */
describe('a released endpoint', () => {
  it('may still have subscriptions under way, which then fail without harm', async () => {
    const endpoint = await createEndpoint();
    const errors: unknown[] = [];
    endpoint.on('error', (error) => errors.push(error));
    const refused = kurento.seen('subscribe MediaFlowOutStateChanged');
    kurento.answer('subscribe MediaFlowOutStateChanged', () => recordedError(40101).reply);
    await endpoint.answer(OFFER);
    const released = endpoint.release();
    await refused;
    await released;
    await server.info();
    expect(errors).toEqual([]);
    expect(kurento.intents()).not.toContain('unsubscribe');
  });

  it('says so if a subscription fails while it lives', async () => {
    const endpoint = await createEndpoint();
    kurento.answer('subscribe MediaStateChanged', () => recordedError(40106).reply);
    const failure = new Promise((resolve) => endpoint.once('error', resolve));
    await endpoint.answer(OFFER);
    expect(await failure).toMatchObject({ code: 'rejected', kurentoCode: 40106 });
  });
});

describe('calls', () => {
  it('reach Kurento with what they were given', async () => {
    const pipeline = await server.createPipeline({ name: 'room-1', tags: { room: 'r1' } });
    const source = await pipeline.createEndpoint({ name: 'alice', direction: 'publish' });
    const sink = await pipeline.createEndpoint({ name: 'bob', direction: 'subscribe' });
    kurento.answer('invoke requestKeyframe', () => ({ result: { value: null } }));
    const before = kurento.requests.length;
    await source.connectTo(sink);
    await source.connectTo(sink, 'video');
    await sink.setMaxVideoSendBandwidth(1500);
    await sink.requestKeyframe();
    await sink.release();
    const asked = kurento.requests.slice(before).map((request) => ({
      what: intent(request),
      object: request.params?.object,
      params: request.params?.operationParams,
    }));
    expect(asked).toEqual([
      { what: 'invoke connect', object: source.id, params: { sink: sink.id } },
      { what: 'invoke connect', object: source.id, params: { sink: sink.id, mediaType: 'VIDEO' } },
      { what: 'invoke setMaxVideoSendBandwidth', object: sink.id, params: { maxVideoSendBandwidth: 1500 } },
      { what: 'invoke requestKeyframe', object: sink.id, params: undefined },
      { what: 'release', object: sink.id, params: undefined },
    ]);
  });

  it('stats are the records of the recorded endpoint', async () => {
    const endpoint = await createEndpoint();
    const records = Object.values(await endpoint.stats());
    expect(records.map(({ type }) => type)).toContain('inboundrtp');
  });
});

const recordedErrors = loadTrace('errors').exchanges.filter(({ reply }) => (reply.error?.code ?? 0) !== 0);

function recordedError(code: number): Exchange {
  const found = recordedErrors.find(({ reply }) => reply.error?.code === code);
  if (!found) throw new Error(`no error ${code} was recorded`);
  return found;
}

describe('every recorded error rejects the call with its code', () => {
  it.each(recordedErrors.map((exchange) => [intent(exchange.request), exchange.note, exchange] as const))(
    '%s (%s)',
    async (_what, _note, { request, reply }) => {
      const pipeline = await server.createPipeline({ name: 'room-1' });
      const endpoint = await pipeline.createEndpoint({ name: 'alice', direction: 'publish' });
      const [what, call] = callLike(request.method, request.params?.operation);
      kurento.answer(what, () => reply);
      await expect(call()).rejects.toMatchObject({
        name: 'MediaServerError',
        code: 'rejected',
        kurentoCode: reply.error?.code,
        message: expect.stringContaining(reply.error?.message ?? ''),
      });
      kurento.answerAsRecorded(what);
      expect(await server.info()).toMatchObject({ type: 'KMS' });

      function callLike(method: string, operation = ''): [string, () => Promise<unknown>] {
        if (method === 'create') {
          return ['create WebRtcEndpoint', () => pipeline.createEndpoint({ name: 'bob', direction: 'publish' })];
        }
        if (method === 'subscribe') return ['subscribe IceGatheringDone', () => endpoint.answer(OFFER)];
        if (operation === 'processOffer') return ['invoke processOffer', () => endpoint.answer(OFFER)];
        if (operation === 'connect') return ['invoke connect', () => endpoint.connectTo(endpoint)];
        return ['invoke getStats', () => endpoint.stats()];
      }
    },
  );
});
