import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Counts } from './counts.ts';
import type { RoomRecord } from './holdings.ts';
import { MediaServer } from './kurento/index.ts';
import { type Request, TraceServer } from './kurento/trace-server.ts';
import { SILENT } from './log.ts';
import { MediaExecutor } from './media.ts';
import type { AgentEvent } from './rooms/events.ts';

const ROOM = 'comm://example.test/room i1 1';
const PIPELINE = 'p_kurento.MediaPipeline';
const idOf = (name: string) => `${PIPELINE}/${name}_kurento.WebRtcEndpoint`;
const refOf = (url: string) => ({ room: ROOM, stay: 'a@1', url });
const record = (url: string, direction: 'publish' | 'receive') => ({
  stay: 'a@1',
  url,
  direction,
  id: idOf(url),
  watched: true,
});
const RECORD: RoomRecord = {
  key: ROOM,
  pipeline: PIPELINE,
  endpoints: [record('one', 'publish'), record('two', 'publish'), record('r', 'receive')],
};

let kurento: TraceServer;
let server: MediaServer;
let media: MediaExecutor;
let events: AgentEvent[];
const gone = new Set<string>();

beforeEach(async () => {
  gone.clear();
  kurento = await TraceServer.listen(['two-party-call', 'server-manager', 'session-resume', 'errors']);
  server = await MediaServer.connect(kurento.url, { deadlineMs: 500 });
  const value = (what: string, value: unknown) => kurento.answer(`invoke ${what}`, () => ({ result: { value } }));
  kurento.answer('describe', describeObject);
  value('getConnectionState', 'CONNECTED');
  value('getMediaState', 'CONNECTED');
  value('isMediaFlowingOut', true);
  value('getSourceConnections', []);
  value('disconnect', null);
  value('setMaxVideoRecvBandwidth', null);
  events = [];
  media = new MediaExecutor({
    server,
    nodeId: '1',
    capacity: 8,
    emit: (event) => events.push(event),
    counts: new Counts(),
    log: SILENT,
  });
});
afterEach(async () => {
  server.close();
  await kurento.close();
});

function describeObject({ params }: Request) {
  const id = params?.object ?? '';
  if (gone.has(id)) return { error: { code: 40101, message: `Object '${id}' not found` } };
  const type = id.endsWith('WebRtcEndpoint') ? 'WebRtcEndpoint' : 'MediaPipeline';
  return { result: { type, qualifiedType: `kurento.${type}`, hierarchy: ['kurento.MediaObject'] } };
}

describe('what another process has recorded', () => {
  test('is held as if it were our own', async () => {
    expect(await media.adopt([RECORD], [ROOM])).toEqual([]);
    expect([media.roomCount, media.endpointCount]).toEqual([1, 3]);
    expect(media.record).toEqual([RECORD]);
    await media.unlink(refOf('one'), refOf('r'), ['video']);
    expect(kurento.requests.at(-1)?.params).toMatchObject({
      object: idOf('one'),
      operation: 'disconnect',
      operationParams: { sink: idOf('r'), mediaType: 'VIDEO' },
    });
    media.release(refOf('two'));
    expect(media.record[0]?.endpoints.map(({ url }) => url)).toEqual(['one', 'r']);
  });

  test('takes further endpoints into the same pipeline', async () => {
    await media.adopt([RECORD], [ROOM]);
    await media.answer(refOf('new'), 'publish', 'offer', 1500);
    expect(events.at(-1)).toMatchObject({ type: 'answered' });
    expect(kurento.intents()).not.toContain('create MediaPipeline');
    const create = kurento.requests.find(({ method }) => method === 'create');
    expect(create?.params).toMatchObject({ constructorParams: { mediaPipeline: PIPELINE } });
  });

  test('but is not there any more, is missing', async () => {
    gone.add(idOf('two'));
    expect(await media.adopt([RECORD], [ROOM])).toEqual([refOf('two')]);
    expect(media.record[0]?.endpoints.map(({ url }) => url)).toEqual(['one', 'r']);
  });

  test('with a pipeline that is not there any more: the room gets another', async () => {
    gone.add(PIPELINE);
    expect(await media.adopt([RECORD], [ROOM])).toEqual(['one', 'two', 'r'].map(refOf));
    await media.answer(refOf('new'), 'publish', 'offer', 1500);
    expect(kurento.intents()).toContain('create MediaPipeline');
  });

  test('without a pipeline, for it was being created: the room gets one', async () => {
    expect(await media.adopt([], [ROOM])).toEqual([]);
    await media.answer(refOf('new'), 'publish', 'offer', 1500);
    expect(events.at(-1)).toMatchObject({ type: 'answered' });
  });
});

describe('what has happened without being told', () => {
  beforeEach(async () => {
    await media.adopt([RECORD], [ROOM]);
  });

  test('is asked for, endpoint by endpoint', async () => {
    await media.retell();
    for (const url of ['one', 'two', 'r']) {
      expect(events).toContainEqual({ type: 'transport', endpoint: refOf(url), state: 'connected' });
    }
    expect(events).toContainEqual({ type: 'flow', endpoint: refOf('one'), kind: 'video', flowing: true });
    expect(events.filter(({ type }) => type === 'wired')).toEqual([{ type: 'wired', endpoint: refOf('r'), flows: [] }]);
  });

  test('with receivers: by which publication each kind comes to them; strangers do not count', async () => {
    const connections = [
      { type: 'AUDIO', source: idOf('one') },
      { type: 'VIDEO', source: idOf('two') },
      { type: 'DATA', source: idOf('stranger') },
    ];
    kurento.answer('invoke getSourceConnections', () => ({ result: { value: connections } }));
    await media.retell();
    expect(events.find(({ type }) => type === 'wired')).toMatchObject({
      flows: [
        { from: refOf('one'), kinds: ['audio'] },
        { from: refOf('two'), kinds: ['video'] },
      ],
    });
  });

  test('an endpoint that Kurento does not know any more is missing', async () => {
    kurento.answer('invoke getConnectionState', ({ params }) =>
      params?.object === idOf('one')
        ? { error: { code: 40101, message: 'not found' } }
        : { result: { value: 'CONNECTED' } },
    );
    await media.retell();
    expect(events.filter(({ type }) => type === 'missing')).toEqual([{ type: 'missing', endpoint: refOf('one') }]);
  });

  test('a connection that breaks meanwhile says nothing about any of them', async () => {
    kurento.answer('invoke getConnectionState', () => 'silence');
    const retold = media.retell();
    await kurento.seen('invoke getConnectionState');
    const lost = once(server, 'lost');
    kurento.dropSockets();
    await lost;
    await retold;
    expect(events).toEqual([]);
  });
});
