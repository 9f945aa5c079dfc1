import { answerSuccessors, bind, keepSpares } from './bind.ts';
import { tendFlows } from './flows.ts';
import { tendMove } from './lives.ts';
import { tendLoss } from './loss.ts';
import { tendProbes } from './probes.ts';
import { turnAwayAbsent } from './refusals.ts';
import { entryOf, isEmpty, legsOf, type Member, type Publication } from './state.ts';
import { follow, promote } from './succession.ts';
import { type Supply, supplyOf } from './supply.ts';
import { tell } from './tell.ts';
import { isPresent, isServed, release, reportMedia, retire, type Turn } from './turn.ts';
import { tendEmptiness, tendGraces } from './waits.ts';

/**
 * Brings what there is in line with the roster: whatever has been lost, doubled or overtaken before, the outcome depends
 * on the newest roster, the offers and the wishes alone.
 */
export function reconcile(turn: Turn): void {
  const { room } = turn;
  tendMove(turn);
  tendLoss(turn);
  tendPipeline(turn);
  dropDeparted(turn);
  const supply = supplyOf(room);
  dropEnded(turn, supply);
  for (const member of room.members.values()) promote(turn, member);
  room.lacking = 0;
  if (room.open && isServed(turn)) arrange(turn, supply);
  reportFeeds(turn, supply);
  tendGraces(turn);
  tendProbes(turn);
  tendEmptiness(turn);
  for (const member of room.members.values()) tell(turn, member, supply);
}

/** One pipeline for as long as there is anybody. */
function tendPipeline(turn: Turn): void {
  const { room, actions } = turn;
  const wanted = !isEmpty(room.roster);
  if (wanted && !room.open && isServed(turn)) {
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
  for (const member of turn.room.members.values()) if (!entryOf(turn.room, member)) dropMember(turn, member);
}

function dropMember(turn: Turn, member: Member): void {
  for (const { reply } of member.requests) turnAwayAbsent(turn, reply);
  for (const leg of legsOf(member)) release(turn, member, leg);
  turn.room.members.delete(member.stay);
}

/** Receivers of what is not published any more: their clients close them when they learn of it. */
function dropEnded(turn: Turn, { published }: Supply): void {
  for (const member of turn.room.members.values()) {
    for (const receiver of [...member.receivers.values()]) {
      const isOver = receiver.peer !== null && !published.has(receiver.peer);
      if (isOver) retire(turn, member, receiver, 'its peer has left or ceased to publish');
    }
    for (const key of member.waived) if (!published.has(key)) member.waived.delete(key);
  }
}

/** Who sees what. */
function arrange(turn: Turn, supply: Supply): void {
  const members = [...turn.room.members.values()].flatMap((member) => {
    const entry = entryOf(turn.room, member);
    return entry ? [{ member, entry }] : [];
  });
  for (const { member, entry } of members) {
    bind(turn, member, entry, supply);
    follow(turn, member);
    answerSuccessors(turn, member);
  }
  for (const { member } of members) tendFlows(turn, member, supply);
  const feeding = new Set([...supply.feeds.values()].map(({ leg }) => leg));
  for (const { member } of members) dropUnpublished(turn, member, feeding);
  // With what is left when everything else has been seen to.
  for (const { member, entry } of members) keepSpares(turn, member, entry);
}

/** Not already when its transport stands: the client then gives up what it replaces. */
function reportFeeds(turn: Turn, { feeds }: Supply): void {
  for (const { publisher, leg } of feeds.values()) if (leg.connected) reportMedia(turn, publisher, leg, 'connected');
}

/** Connections that do not publish any more, but for one that still stands in for what replaces it. */
function dropUnpublished(turn: Turn, member: Member, feeding: ReadonlySet<Publication>): void {
  for (const leg of [...member.publications.values()]) {
    if (!isPresent(turn, member, leg) && !feeding.has(leg)) retire(turn, member, leg, 'not published any more');
  }
}
