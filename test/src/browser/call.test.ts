import { afterEach, expect, it } from 'vitest';
import { joinCost } from '../call/join-cost.ts';
import type { Participant } from '../call/participant.ts';
import { metricsOf } from '../call/running-stack.ts';
import { expectAllFlowing, expectMoreOfEach, expectRosters, useScene } from './scene.ts';

const scene = useScene();

afterEach(() => scene().closePages());

it('grows to three, each seeing and hearing the others, shrinks again and leaves nothing', async () => {
  const { stack } = scene();
  const before = await scene().inventory();
  const { openConnections } = await metricsOf(stack);
  const present: Participant[] = [];

  for (const name of ['Ada', 'Ben', 'Cleo']) {
    present.push(await scene().join('grows', name));
    await expectAllFlowing(present);
    await expectRosters(present);
  }
  await expectMoreOfEach(present);

  const metrics = await metricsOf(stack);
  const joiners = metrics.openConnections.filter((id) => !openConnections.includes(id));
  const joins = await Promise.all(present.map(async (participant) => (await participant.report()).joins));
  const costs = joins.flat().map((join, index) => joinCost(metrics, joiners[index] ?? '', join));
  // The offers with their candidates and the pool go up together, and everything that comes back comes in one frame.
  expect(costs).toEqual(
    present.map(() => expect.objectContaining({ messagesUp: 1, messagesDown: 1, invocations: 1, writes: 2 })),
  );
  // A sandbox that has not heard of the media nodes for a while reads their list, beside its first write if that lasts.
  for (const { reads, roundTrips } of costs) {
    expect(reads).toBeLessThanOrEqual(1);
    expect(roundTrips - reads).toBeLessThanOrEqual(2);
  }
  // Whoever came first sees the later ones through the pool that it brought.
  expect(joins.flat().map(({ laterOffers }) => laterOffers)).toEqual([0, 0, 0]);

  for (const leaver of [...present]) {
    await leaver.leave();
    present.shift();
    await expectRosters(present);
    if (present.length > 1) await expectMoreOfEach(present);
    expect(leaver.errors).toEqual([]);
  }
  await scene().expectNothingSince(before);
});

it('keeps two rooms apart', async () => {
  const before = await scene().inventory();
  const ada = await scene().join('here', 'Ada');
  const ben = await scene().join('there', 'Ben');
  const cleo = await scene().join('here', 'Cleo');
  await expectAllFlowing([ada, cleo]);
  await expectRosters([ada, cleo]);
  await expectRosters([ben]);
  for (const participant of [ada, ben, cleo]) await participant.leave();
  await scene().expectNothingSince(before);
});
