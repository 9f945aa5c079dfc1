import { CONNECTING } from './policy.ts';
import type { EndpointRef, Member, Receiver } from './state.ts';
import { dismiss, isServed, startTimer, type Turn } from './turn.ts';

/** Of a receiver that has been answered its transport is to be seen. */
export function awaitTransport(turn: Turn, { stay }: Member, receiver: Receiver): void {
  if (isConnecting(receiver)) startTimer(turn, { name: 'connecting', stay, url: receiver.url }, CONNECTING);
}

/** Who comes back has the whole time again, for it hears of the answers only now. */
export function awaitTransportsAnew(turn: Turn, member: Member): void {
  for (const receiver of member.receivers.values()) awaitTransport(turn, member, receiver);
}

/** The answer may have been lost, or there is no way between the two: its client offers another, or does not need it. */
export function takeConnectingOver(turn: Turn, { stay, url }: EndpointRef): void {
  const member = turn.room.members.get(stay);
  const receiver = member?.receivers.get(url);
  if (!member || !receiver || !isConnecting(receiver)) return;
  // Who is away cannot connect, and what the media server sees cannot be known while it is out of reach.
  if (turn.room.graces.has(stay) || !isServed(turn)) awaitTransport(turn, member, receiver);
  else giveUp(turn, member, receiver);
}

function giveUp(turn: Turn, member: Member, receiver: Receiver): void {
  dismiss(turn, member, receiver, 'not connected in time');
  for (const held of outdated(member)) dismiss(turn, member, held, 'offered too long ago');
}

/** Offers that a later one has outrun: their client has closed them likewise, or can make others. Each would cost the same time. */
function outdated({ receivers }: Member): Receiver[] {
  const all = [...receivers.values()];
  const last = all.findLastIndex(({ connected }) => connected);
  return all.slice(0, Math.max(0, last)).filter(({ phase }) => phase.name === 'held');
}

function isConnecting({ phase, connected }: Receiver): boolean {
  return phase.name === 'answered' && !connected;
}
