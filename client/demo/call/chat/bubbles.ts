import type { ChatMessage, Room } from '../../../src/index.ts';

/** Who writes without being in the room. */
export const SERVICE = 'The service';
/** Milliseconds within which one goes on rather than begins anew. */
const PAUSE = 120_000;

export interface Bubble {
  message: ChatMessage;
  isOwn: boolean;
  /** Who wrote, and to whom; undefined if that is the same as above. */
  heading: string | undefined;
}

/** Messages as they are shown: what somebody writes in one go has one heading. */
export function bubblesOf(messages: readonly ChatMessage[], { localParticipant, participants }: Room): Bubble[] {
  const nameOf = (id: string) => (id === localParticipant.id ? 'you' : (participants.get(id)?.name ?? 'somebody'));
  return messages.map((message, index) => {
    const { from, name = SERVICE, to } = message;
    const isOwn = from === localParticipant;
    const before = messages[index - 1];
    const who = isOwn ? 'You' : name;
    const heading = to ? `${who} to ${to.map(nameOf).join(', ')} only` : who;
    return { message, isOwn, heading: before && goesOn(before, message) ? undefined : heading };
  });
}

function goesOn(before: ChatMessage, { from, name, to, sent }: ChatMessage): boolean {
  return (
    before.from === from &&
    before.name === name &&
    before.to?.join() === to?.join() &&
    sent.getTime() - before.sent.getTime() < PAUSE
  );
}
