import { afterEach, expect, it } from 'vitest';
import { killAndRestart, nodeOf } from '../../bench/gap-faults.ts';
import { watchGaps } from '../../bench/gap-watch.ts';
import type { Member } from '../member.ts';
import { useOwnScene } from '../scene.ts';
import { call, expectBackWithin, expectChat, expectNobodyCameOrWent, expectState, idOf, leaveAll } from './watching.ts';

const scene = useOwnScene({ nodes: 2 });

afterEach(() => scene().closePages());

/** Milliseconds until it is certain that an engine will not come back with its calls, and from then on until everybody is back. */
const ENGINE_LOST = 3_000;
const BACK = 5_000;

const THREE = { Ada: { create: { history: 10 } }, Ben: {}, Cleo: {} } as const;

/** All that a call is besides its media, as somebody sees it. */
async function seen(member: Member) {
  const { state, role, participants } = await member.state();
  const others = Object.entries(participants).map(([name, { id, role, muted, shown }]) => [
    name,
    { id, role, muted, shown },
  ]);
  return { state, role, others: Object.fromEntries(others), history: await member.do('history') };
}

it('brings everybody’s media back when the media engine crashes, and the rest is as it was', async () => {
  const before = await scene().inventory();
  const { room, members } = await call(scene(), 'crashed-engine', THREE);
  const [ada, ben] = members;
  if (!ada || !ben) throw new Error('three came');
  await ada.do('sendChat', 'Before');
  await ben.do('localParticipant.mute', 'microphone');
  const ids = await Promise.all(members.map(idOf));
  const { engine } = await nodeOf(scene().stack, room);
  if (!engine) throw new Error('the engine is embedded');

  let calm: unknown;
  const gaps = await watchGaps(members, async () => {
    calm = await Promise.all(members.map(seen));
    await killAndRestart(engine);
  });
  expectBackWithin(ENGINE_LOST + BACK, gaps);
  for (const member of members) await expectState(member, 'connected');
  expect(await Promise.all(members.map(seen))).toEqual(calm);
  await expectNobodyCameOrWent(members, ids);
  await ada.do('sendChat', 'After');
  await expectChat(ben, ['Before', 'After']);
  await leaveAll(members);
  await scene().expectNothingSince(before);
});
