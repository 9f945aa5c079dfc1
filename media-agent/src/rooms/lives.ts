import type { MediaCommand } from '@hyperroom/protocol';
import { MOVE_OVERLAP } from './policy.ts';
import { type AgentState, ENDED, legsOf, newRoom, type RoomKey, type RoomState, roomKeyOf } from './state.ts';
import { startTimer, type Turn } from './turn.ts';

/** With the room that a command is about, be it the first word of it. */
export function withRoomOf(state: AgentState, command: MediaCommand): AgentState {
  const key = roomKeyOf(command.roster);
  const room = state.rooms.get(key) ?? newRoom(command.roster);
  const created = room.created ?? (command.command === 'join' ? command.room.created : null);
  return { ...state, rooms: new Map(state.rooms).set(key, { ...room, created }) };
}

/** Of the lives of a room only the last can go on, even if nobody has told of the others' end. */
export function supersededIn(state: AgentState, url: string): RoomKey[] {
  const lives = [...state.rooms.values()].filter(({ roster }) => roster.room === url);
  return lives.filter((life) => lives.some((other) => isLater(lives, other, life))).map(({ key }) => key);
}

/** Epochs are in the order of their numbers, incarnations of their creation. */
function isLater(lives: readonly RoomState[], { roster: one }: RoomState, { roster: other }: RoomState): boolean {
  if (one.incarnation === other.incarnation) return one.epoch > other.epoch;
  const [created, otherCreated] = [createdIn(lives, one.incarnation), createdIn(lives, other.incarnation)];
  return created !== null && otherCreated !== null && created > otherCreated;
}

/** All epochs of an incarnation are of one age. */
function createdIn(lives: readonly RoomState[], incarnation: string): string | null {
  return lives.find(({ roster, created }) => roster.incarnation === incarnation && created !== null)?.created ?? null;
}

/** There are two of the room for a while, and clients connected to either. */
export function awaitMove(turn: Turn): void {
  if (turn.room.moved) return;
  turn.room.moved = true;
  startTimer(turn, { name: 'moved' }, MOVE_OVERLAP);
}

/** Over when all its clients have let go of it. */
export function tendMove(turn: Turn): void {
  const legs = [...turn.room.members.values()].flatMap(legsOf);
  if (turn.room.moved && !legs.some(({ connected }) => connected)) bury(turn);
}

/** No command of this life brings it back. */
export function bury({ room }: Turn): void {
  room.roster = { ...room.roster, version: ENDED, participants: {} };
}
