import { afterEach, expect, it, vi } from 'vitest';
import { resumed, stayOf } from '../../bench/gap-faults.ts';
import { watchGaps } from '../../bench/gap-watch.ts';
import { SOON } from '../member.ts';
import { useOwnScene } from '../scene.ts';
import {
  call,
  expectChat,
  expectNobodyCameOrWent,
  expectNothingLost,
  expectState,
  expectToOutliveItsSocket,
  idOf,
  leaveAll,
  three,
} from './watching.ts';

const scene = useOwnScene();

afterEach(() => scene().closePages());

it('a participant whose socket is lost goes on where it was, though nobody is told of the loss', () =>
  expectToOutliveItsSocket(scene(), true));

it('a participant notices that its socket is half open when the page is looked at again, and goes on over another', async () => {
  const before = await scene().inventory();
  const { cast, members, room, ids } = await three(scene(), 'half-open-socket');
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
