import { afterEach, beforeEach, expect, test } from 'vitest';
import { Counts } from './counts.ts';
import { MediaServer } from './kurento/index.ts';
import { intent, TraceServer } from './kurento/trace-server.ts';
import { SILENT } from './log.ts';
import { MediaExecutor } from './media.ts';

const ROOM = 'comm://example.test/room i1 1';
const [mine, anothers] = ['mine_kurento.MediaPipeline', 'anothers_kurento.MediaPipeline'];

let kurento: TraceServer;
let server: MediaServer;
let media: MediaExecutor;
/** What is at the media server beside what the executor has made. */
let stray: string[];

beforeEach(async () => {
  kurento = await TraceServer.listen(['two-party-call', 'server-manager', 'session-resume', 'errors']);
  kurento.answer('invoke setMaxVideoRecvBandwidth', () => ({ result: { value: null } }));
  stray = [mine, anothers];
  kurento.answer('invoke getPipelines', () => ({ result: { value: stray } }));
  kurento.answer('invoke getTags', ({ params }) => ({
    result: { value: [{ key: 'hyperroom', value: params?.object === anothers ? 'another' : '1' }] },
  }));
  kurento.answer('invoke getChildren', () => ({ result: { value: [] } }));
  server = await MediaServer.connect(kurento.url, { deadlineMs: 500 });
  media = new MediaExecutor({ server, nodeId: '1', capacity: 8, emit: () => {}, counts: new Counts(), log: SILENT });
});
afterEach(async () => {
  server.close();
  await kurento.close();
});

const released = () =>
  kurento.requests.filter((request) => intent(request) === 'release').map((one) => one.params?.object);

test('pipelines in the name of this node, and of no other, are released', async () => {
  await media.orphans.releaseAll();
  expect(released()).toEqual([mine]);
});

test('while the node works only what is found twice is released: it may be just being created', async () => {
  await media.orphans.sweep();
  expect(released()).toEqual([]);
  await media.orphans.sweep();
  expect(released()).toEqual([mine]);
});

test('what was found once and belongs to a room the next time is no orphan', async () => {
  await media.orphans.sweep();
  stray = [];
  await media.orphans.sweep();
  stray = [mine];
  await media.orphans.sweep();
  expect(released()).toEqual([]);
});

test('of a room all endpoints are released that nobody has in it, and no others', async () => {
  media.openRoom(ROOM);
  await media.answer({ room: ROOM, stay: 'a@1', url: 'a' }, 'publish', 'offer', 1500);
  const [{ pipeline, endpoints } = { pipeline: '', endpoints: [] }] = media.record;
  const unknown = `${pipeline}/x_kurento.WebRtcEndpoint`;
  stray = [pipeline];
  kurento.answer('invoke getChildren', () => ({ result: { value: [...endpoints.map(({ id }) => id), unknown] } }));
  await media.orphans.releaseAll();
  expect(released()).toEqual([unknown]);
});

test('one that cannot be released does not keep the others', async () => {
  stray = ['one_kurento.MediaPipeline', 'two_kurento.MediaPipeline'];
  kurento.answer('release', ({ params }) =>
    params?.object === stray[0] ? { error: { code: 40101, message: 'no' } } : { result: {} },
  );
  await media.orphans.releaseAll();
  expect(released()).toEqual(stray);
});
