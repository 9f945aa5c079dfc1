import { afterEach, expect, it } from 'vitest';
import { bringBack, loseNode, nodeOf } from '../../bench/gap-faults.ts';
import { watchGaps } from '../../bench/gap-watch.ts';
import { useOwnScene } from '../scene.ts';
import { call, expectBackWithin, expectNobodyCameOrWent, expectState, idOf, leaveAll } from './watching.ts';

const scene = useOwnScene({ nodes: 2 });

afterEach(() => scene().closePages());

/** Milliseconds until it is certain that a node will not come back; then until everybody is back. */
const NODE_LOST = 5_000;
const BACK = 5_000;

it('moves a room whose node is lost to another', async () => {
  const { stack } = scene();
  const { room, members } = await call(scene(), 'lost-node', { Ada: {}, Ben: {}, Cleo: {} });
  const ids = await Promise.all(members.map(idOf));
  const node = await nodeOf(stack, room);
  const gaps = await watchGaps(members, () => loseNode(node));
  expectBackWithin(NODE_LOST + BACK, gaps);
  expect((await nodeOf(stack, room)).id).not.toBe(node.id);
  await expectNobodyCameOrWent(members, ids);
  await leaveAll(members);
  await bringBack(node);
});

it('says that a room waits for a media server, and goes on when one comes', async () => {
  const { stack } = scene();
  const { room, members } = await call(scene(), 'stranded', { Ada: {}, Ben: {} });
  const ids = await Promise.all(members.map(idOf));
  const node = await nodeOf(stack, room);
  const gaps = await watchGaps(members, async () => {
    await Promise.all(stack.nodes.map(loseNode));
    for (const member of members) await expectState(member, 'reconnecting');
    await bringBack(node);
    for (const member of members) await expectState(member, 'connected');
  });
  expect(gaps.every(({ isRenewed }) => isRenewed)).toBe(true);
  await expectNobodyCameOrWent(members, ids);
  await leaveAll(members);
});
