import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { seededRandom, shuffle } from '../../../../local/src/aws/delivery.ts';
import { measureJoin } from '../../bench/crowd-bench.ts';
import type { CrowdFigures } from '../../bench/crowd-figures.ts';
import type { SimulatedParticipant } from '../../simulation/client/simulated-participant.ts';
import { Crowd } from '../../simulation/crowd.ts';

/* One room of 20, from the first to join to the last to leave: real functions, a real agent, counted at the media server. */

const PARTICIPANTS = 20;
const LAST_N = 7;
const SEED = 50;

/** Everybody in the room is told of a join twice: of the participant, and that its media have arrived. */
const POSTS_EACH = 2;
/** The media node's command, the answer, the media node's reports and heartbeats; and, as long as there are fewer than `lastN`, whom each of the others receives. */
const POSTS_BESIDES = LAST_N + 6;

/* It takes some 10 s of two free cores, which other tests may be using as well. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

let crowd: Crowd;
let itemsBefore: number;
beforeAll(async () => {
  crowd = await Crowd.start();
  itemsBefore = (await crowd.emulator.metrics()).items;
});
afterAll(() => crowd.close());

const publications = () => crowd.present.reduce((sum, one) => sum + one.publications.size, 0);
/** More than that the media server may hold at no moment. */
const mostEndpoints = () => publications() + crowd.present.length * LAST_N;
const faults = () => crowd.present.flatMap((participant) => participant.faults);
const isShown = (publication: string, to: SimulatedParticipant) =>
  to.receivers.showing.some((shown) => shown.publication === publication);

async function sharesScreen(participant: SimulatedParticipant): Promise<void> {
  await participant.shareScreen();
  await crowd.settled();
}

/** Until everybody else receives what is his. */
async function receivedByAll(participant: SimulatedParticipant, publication: string): Promise<void> {
  await crowd.until(() => {
    const without = crowd.present.find((one) => one !== participant && !isShown(publication, one));
    return without && `${without.name} does not receive ${participant.name}`;
  });
  await crowd.settled();
}

async function allKnowTheRoom(): Promise<void> {
  const room = await crowd.present[0]?.readRoom();
  for (const { replica } of crowd.present) expect(replica.room).toEqual(room);
}

test('the last join costs the joiner what the fifth did, and the others their share', async () => {
  const joins: CrowdFigures[] = [];
  for (let count = 1; count <= PARTICIPANTS; count++) {
    const join = await measureJoin(crowd, `participant ${count}`);
    joins.push(join);
    expect(join).toMatchObject({ participants: count, messagesUp: 1, messagesDown: 1, laterUp: 0 });
    expect(join.peakEndpoints).toBeLessThanOrEqual(mostEndpoints());
    expect(join.posts).toBeLessThanOrEqual(POSTS_EACH * count + POSTS_BESIDES);
  }
  const [fifth, last] = [joins[4], joins[PARTICIPANTS - 1]];
  expect(last?.laterDown).toBeLessThanOrEqual(fifth?.laterDown ?? 0);
  expect(last?.links).toBe(PARTICIPANTS * LAST_N);
  expect(last?.endpoints).toBeLessThan(PARTICIPANTS ** 2 / 2);
  expect(faults()).toEqual([]);
});

test('screens are received by everybody', async () => {
  for (const participant of crowd.present.slice(12, 15)) {
    crowd.engine.ledger.takePeak();
    await sharesScreen(participant);
    await receivedByAll(participant, `${participant.id}/screen`);
    expect(crowd.engine.ledger.takePeak().endpoints).toBeLessThanOrEqual(mostEndpoints());
  }
  expect(faults()).toEqual([]);
});

test('whoever speaks is received by everybody', async () => {
  const speakers = shuffle(crowd.present, seededRandom(SEED)).slice(0, 5);
  for (const speaker of speakers) {
    await speaker.speak();
    await receivedByAll(speaker, `${speaker.id}/main`);
  }
  expect(crowd.present[0]?.replica.room.data.speakers).toEqual(speakers.map(({ id }) => id).toReversed());
  expect(crowd.engine.ledger.takePeak().endpoints).toBeLessThanOrEqual(mostEndpoints());
  await allKnowTheRoom();
  expect(faults()).toEqual([]);
});

test('when half have left, the others receive each other, and at last nothing is left', async () => {
  const most = mostEndpoints();
  const leaving = shuffle(crowd.present, seededRandom(SEED + 1));
  for (const participant of leaving.slice(0, PARTICIPANTS / 2)) await crowd.leave(participant);
  await crowd.settled();
  await allKnowTheRoom();
  expect(faults()).toEqual([]);
  for (const participant of leaving.slice(PARTICIPANTS / 2)) await crowd.leave(participant);
  await crowd.until(() => {
    const { pipelines, endpoints } = crowd.engine.ledger.holdings;
    return pipelines + endpoints > 0 ? `${pipelines} pipelines and ${endpoints} endpoints are left` : undefined;
  });
  expect(crowd.engine.ledger.takePeak().endpoints).toBeLessThanOrEqual(most);
  expect(crowd.engine.ledger.holdings).toEqual({ pipelines: 0, endpoints: 0, audioLinks: 0, videoLinks: 0 });
  expect((await crowd.emulator.metrics()).items).toBe(itemsBefore);
  expect(leaving.flatMap((participant) => participant.faults)).toEqual([]);
});
