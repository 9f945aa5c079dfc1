import { afterEach, describe, expect, it, vi } from 'vitest';
import { dropSocket, resumed, stayOf } from '../bench/gap-faults.ts';
import { watchGaps } from '../bench/gap-watch.ts';
import {
  call,
  expectChat,
  expectNobodyCameOrWent,
  expectNothingLost,
  expectState,
  idOf,
  leaveAll,
} from './faults/watching.ts';
import { SOON } from './member.ts';
import { useScene } from './scene.ts';

const scene = useScene();

afterEach(() => scene().closePages());

describe('a participant whose socket is lost', () => {
  // API Gateway promises no $disconnect.
  it.for([false, true])('goes on where it was, unseen by all ($disconnect lost: %s)', async (silently) => {
    const before = await scene().inventory();
    const { members, room, ids } = await three(`dropped-socket-${silently}`);
    const [ada, ben, cleo] = members;
    const gaps = await watchGaps(members, async () => {
      const recovery = dropSocket(scene().stack, room, await idOf(ben), silently);
      await ada.do('sendChat', 'While you were out');
      await cleo.do('localParticipant.mute', 'microphone');
      await recovery;
    });
    expectNothingLost(gaps);
    await expectNobodyCameOrWent(members, ids);
    await expectState(ben, 'connected');
    await expectChat(ben, ['While you were out']);
    expect((await ben.sees(cleo)).muted).toEqual(['microphone']);
    await ben.do('sendChat', 'I am back');
    await expectChat(ada, ['I am back']);
    await leaveAll(members);
    await scene().expectNothingSince(before);
  });

  it('notices that it is half open when the page is looked at again, and goes on over another', async () => {
    const before = await scene().inventory();
    const { cast, members, room, ids } = await three('half-open-socket');
    const [, ben, cleo] = members;
    const { connectionId } = await stayOf(scene().stack, room, await idOf(ben));
    const gaps = await watchGaps(members, async () => {
      scene().stack.faults.stallConnection(connectionId);
      await cleo.do('localParticipant.mute', 'microphone');
      await cast.page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
      await resumed(scene().stack, room, await idOf(ben), connectionId);
    });
    expectNothingLost(gaps);
    await expectNobodyCameOrWent(members, ids);
    await expectState(ben, 'connected');
    await vi.waitFor(async () => expect((await ben.sees(cleo)).muted).toEqual(['microphone']), SOON);
    await leaveAll(members);
    await scene().expectNothingSince(before);
  });
});

it('moves to another socket before its own is due to end: nothing is lost, nothing comes twice', async () => {
  const before = await scene().inventory();
  const { cast, members, room } = await call(scene(), 'rolling', { Ada: {} });
  const [ada] = members;
  const ben = await cast.arriveAs('Ben', { socketLifetime: 4_000 });
  expect(await ben.join(room)).toEqual({ value: null });
  if (!ada) throw new Error('one came');
  const all = [ada, ben];
  const ids = await Promise.all(all.map(idOf));
  const { connectionId } = await stayOf(scene().stack, room, await idOf(ben));
  const sent: string[] = [];
  const gaps = await watchGaps(all, async () => {
    const rolled = resumed(scene().stack, room, await idOf(ben), connectionId);
    const isRolled = rolled.then(() => true);
    for (let over = false; !over; over = await Promise.race([isRolled, false])) {
      const text = `message ${sent.length}`;
      await ada.do('sendChat', text);
      sent.push(text);
    }
  });
  expectNothingLost(gaps);
  await expectChat(ben, sent);
  await expectNobodyCameOrWent(all, ids);
  expect(await ben.events('stateChanged')).toEqual([]);
  await leaveAll(all);
  await scene().expectNothingSince(before);
});

async function three(room: string) {
  const { cast, members } = await call(scene(), room, { Ada: {}, Ben: {}, Cleo: {} });
  const [ada, ben, cleo] = members;
  if (!ada || !ben || !cleo) throw new Error('three came');
  const ids = await Promise.all(members.map(idOf));
  return { cast, room, ids, members: [ada, ben, cleo] as const };
}
