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
  else dismiss(turn, member, receiver, 'not connected in time');
}

function isConnecting({ phase, connected }: Receiver): boolean {
  return phase.name === 'answered' && !connected;
}
