import type { Stack } from '@hyperroom/local';
import { expect, vi } from 'vitest';
import { dropSocket } from '../../bench/gap-faults.ts';
import { type Gap, worstOf } from '../../bench/gap-figures.ts';
import { watchGaps } from '../../bench/gap-watch.ts';
import type { JoinRequest } from '../../call/member-state.ts';
import { Cast, type Member, SOON } from '../member.ts';
import type { Scene } from '../scene.ts';

export interface Call {
  readonly cast: Cast;
  readonly room: string;
  readonly members: readonly Member[];
}

/** Some, in one page, in a room where everybody sees everybody. */
export async function call(scene: Scene, room: string, requests: Record<string, JoinRequest>): Promise<Call> {
  const cast = await Cast.open(scene);
  const members: Member[] = [];
  for (const [name, request] of Object.entries(requests)) members.push(await cast.join(name, room, request));
  return { cast, room, members };
}

/** Nobody was made to do anything, and no picture is missing. How late they come, a busy machine decides. */
export function expectNothingLost(gaps: readonly Gap[]): void {
  const { lost, isRenewed } = worstOf(gaps);
  expect({ lost, isRenewed }, JSON.stringify(gaps)).toEqual({ lost: 0, isRenewed: false });
}

/** The longest pause between two pictures of a call on a machine that has nothing else to do, in milliseconds. */
const CALM = 200;

/** Everybody is back in time: in so much more of it as the machine took for pictures without a fault, being busy with other things. */
export function expectBackWithin(budget: number, gaps: readonly Gap[]): void {
  const { gap, baseline, isRenewed } = worstOf(gaps);
  expect(isRenewed).toBe(true);
  expect(gap, JSON.stringify(gaps)).toBeLessThan(budget * Math.max(1, baseline / CALM));
}

export async function idOf(member: Member): Promise<string> {
  const { id } = await member.state();
  if (id === undefined) throw new Error(`${member.name} is not in a room`);
  return id;
}

/** Nobody of them has heard of a coming or going since they all were there. */
export async function expectNobodyCameOrWent(members: readonly Member[], ids: readonly string[]): Promise<void> {
  expect(await Promise.all(members.map(idOf))).toEqual(ids);
  for (const member of members) {
    const others = members.filter((other) => other !== member).map(({ name }) => name);
    expect(Object.keys((await member.state()).participants).sort()).toEqual(others.sort());
    expect(await member.events('participantLeft')).toEqual([]);
    expect((await member.events('participantJoined')).length).toBeLessThan(members.length);
  }
}

export async function expectState(member: Member, state: string): Promise<void> {
  await vi.waitFor(async () => expect((await member.state()).state).toBe(state), SOON);
}

/** Each text once, in whatever order. */
export async function expectChat(member: Member, texts: readonly string[]): Promise<void> {
  const heard = async () => (await member.events('chatMessage')).map(([, text]) => text).sort();
  await vi.waitFor(async () => expect(await heard()).toEqual([...texts].sort()), SOON);
}

export async function leaveAll(members: readonly Member[]): Promise<void> {
  for (const member of members) await member.do('leave');
}

/** Three in a room, without a fault as yet. */
export async function three(scene: Scene, room: string) {
  const { cast, members } = await call(scene, room, { Ada: {}, Ben: {}, Cleo: {} });
  const [ada, ben, cleo] = members;
  if (!ada || !ben || !cleo) throw new Error('three came');
  const ids = await Promise.all(members.map(idOf));
  return { cast, room, ids, members: [ada, ben, cleo] as const };
}

/** A participant's socket is lost: it goes on where it was, unseen by all. API Gateway promises no `$disconnect`. */
export async function expectToOutliveItsSocket(scene: Scene<Stack>, silently: boolean): Promise<void> {
  const before = await scene.inventory();
  const { members, room, ids } = await three(scene, `dropped-socket-${silently}`);
  const [ada, ben, cleo] = members;
  const gaps = await watchGaps(members, async () => {
    const recovery = dropSocket(scene.stack, room, await idOf(ben), silently);
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
  await scene.expectNothingSince(before);
}
