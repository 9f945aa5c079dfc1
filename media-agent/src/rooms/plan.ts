import { Code, idOf } from '@hyperroom/protocol';
import { turnAway } from './commands.ts';
import { GONE_REPEAT, SPARES } from './policy.ts';
import { type Member, type Receiver, type RoomState, type StayKey, stays } from './state.ts';
import { tell } from './tell.ts';
import { refOf, release, reportGone, retire, type Turn } from './turn.ts';

/**
 * Brings what there is in line with the roster: whatever has been lost, doubled or overtaken before, the outcome depends
 * on the newest roster and the offers alone.
 */
export function reconcile(turn: Turn): void {
  tendPipeline(turn);
  dropDeparted(turn);
  const { members } = turn.room;
  if (turn.room.open && turn.mediaUp) {
    const publishers = publishersOf(turn.room);
    for (const member of members.values()) bind(turn, member, publishers);
    for (const member of members.values()) keepSpares(turn, member);
    for (const member of members.values()) link(turn, member);
  }
  tendGraces(turn);
  for (const member of members.values()) tell(turn, member);
}

/** One pipeline for as long as there is anybody. */
function tendPipeline({ room, actions, mediaUp }: Turn): void {
  const wanted = Object.keys(room.roster.participants).length > 0;
  if (wanted && !room.open && mediaUp) {
    // Before whatever this very turn has already asked for in it.
    actions.unshift({ type: 'createPipeline', room: room.key });
    room.open = true;
  }
  if (!wanted && room.open) {
    actions.push({ type: 'releasePipeline', room: room.key });
    room.open = false;
  }
}

function dropDeparted(turn: Turn): void {
  const { room } = turn;
  const present = stays(room.roster);
  for (const member of room.members.values()) {
    if (!present.has(member.stay)) dropMember(turn, member);
  }
  for (const member of room.members.values()) {
    for (const receiver of [...member.receivers.values()]) {
      const over = receiver.peer !== null && !present.has(receiver.peer);
      if (over) retire(turn, member, receiver, 'its peer has left');
    }
    for (const stay of member.waived) if (!present.has(stay)) member.waived.delete(stay);
  }
}

function dropMember(turn: Turn, member: Member): void {
  for (const { reply } of member.requests) {
    turnAway(turn, reply, Code.notFound, 'the participant has left the room');
  }
  if (member.publication) release(turn, member, member.publication);
  for (const receiver of member.receivers.values()) release(turn, member, receiver);
  turn.room.members.delete(member.stay);
}

/** Gives every publication that the member should see a connection, as far as its offers allow. */
function bind(turn: Turn, member: Member, publishers: readonly Publisher[]): void {
  if (member.refused) return;
  const bound = new Set([...member.receivers.values()].map((receiver) => receiver.peer));
  // A request counts on those before it whose own offer is still being answered: they will be there before its transport
  // is. Otherwise that answer is waited for: a bad offer shall not use up anybody's spares.
  const asked = Math.max(0, ...member.requests.map(({ version }) => version));
  for (const { stay, admitted, answered } of publishers) {
    const wanted = stay !== member.stay && (answered || admitted <= asked) && !member.waived.has(stay);
    if (!wanted || bound.has(stay)) continue;
    const spare = bestSpare(member);
    if (!spare) return;
    spare.peer = stay;
    answer(turn, member, spare);
  }
}

interface Publisher {
  stay: StayKey;
  admitted: number;
  answered: boolean;
}

/** Those that the media server has not refused, oldest first. */
function publishersOf({ roster, members }: RoomState): Publisher[] {
  return [...stays(roster)]
    .filter(([stay, entry]) => entry.publishes && !members.get(stay)?.refused)
    .sort(([, a], [, b]) => a.admitted - b.admitted)
    .map(([stay, { admitted }]) => ({
      stay,
      admitted,
      answered: members.get(stay)?.publication?.phase.name === 'answered',
    }));
}

const READINESS: readonly ((receiver: Receiver) => boolean)[] = [
  ({ phase, connected }) => phase.name === 'answered' && connected,
  ({ phase }) => phase.name === 'answered',
  ({ phase }) => phase.name === 'answering',
  ({ phase }) => phase.name === 'held',
];

function bestSpare(member: Member): Receiver | undefined {
  const spares = [...member.receivers.values()].filter((receiver) => receiver.peer === null);
  for (const ready of READINESS) {
    const found = spares.find(ready);
    if (found) return found;
  }
  return undefined;
}

function keepSpares(turn: Turn, member: Member): void {
  const free = [...member.receivers.values()].filter((receiver) => receiver.peer === null);
  const ready = free.filter(({ phase }) => phase.name === 'answering' || phase.name === 'answered').length;
  const held = free.filter(({ phase }) => phase.name === 'held');
  for (const receiver of held.slice(0, Math.max(0, SPARES - ready))) answer(turn, member, receiver);
}

function answer(turn: Turn, member: Member, receiver: Receiver): void {
  if (receiver.phase.name !== 'held') return;
  const { offer } = receiver.phase;
  receiver.phase = { name: 'answering' };
  const endpoint = refOf(turn, member, receiver.url);
  turn.actions.push({ type: 'answer', endpoint, direction: 'receive', offer });
}

/** Media flows once the receiver's transport is up: any earlier, and the first key frame is lost. */
function link(turn: Turn, member: Member): void {
  for (const receiver of member.receivers.values()) {
    if (receiver.linked || !receiver.connected || receiver.peer === null) continue;
    const publisher = turn.room.members.get(receiver.peer);
    if (publisher?.publication?.phase.name !== 'answered') continue;
    receiver.linked = true;
    turn.actions.push({
      type: 'link',
      publication: refOf(turn, publisher, publisher.publication.url),
      receiver: refOf(turn, member, receiver.url),
    });
  }
}

/**
 * Whoever has lost its socket is waited for: said by the roster, or found out by a post. The latter counts the same,
 * since API Gateway does not promise to tell the conference of a lost socket.
 */
function tendGraces({ room, actions }: Turn): void {
  const present = stays(room.roster);
  const connections = new Set([...present.values()].map((entry) => entry.connectionId));
  for (const id of room.unreachable) if (!connections.has(id)) room.unreachable.delete(id);

  const away = (stay: StayKey) => {
    const entry = present.get(stay);
    return entry && (entry.status === 'disconnected' || room.unreachable.has(entry.connectionId));
  };
  for (const stay of room.graces) {
    if (away(stay)) continue;
    room.graces.delete(stay);
    actions.push({ type: 'cancelGrace', room: room.key, stay });
  }
  for (const stay of present.keys()) {
    if (room.graces.has(stay) || !away(stay)) continue;
    room.graces.add(stay);
    actions.push({ type: 'startGrace', room: room.key, stay, ms: room.roster.departureGrace });
  }
}

/**
 * Nobody came back. The conference looks again itself if it knows of the loss. If it does not, a post has proved this
 * very connection gone and no other has taken its place since: it must not wait for a `$disconnect` that never came.
 * Repeated for as long as the roster still has the participant: a report or the roster that followed may be lost.
 */
export function takeGraceOver(turn: Turn, stay: StayKey): void {
  const { room, actions } = turn;
  const entry = stays(room.roster).get(stay);
  if (!entry || !room.graces.has(stay)) return;
  reportGone(turn, { participant: idOf(entry.hypertyURL), admitted: entry.admitted }, entry.status === 'disconnected');
  actions.push({ type: 'startGrace', room: room.key, stay, ms: GONE_REPEAT });
}
