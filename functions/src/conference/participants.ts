import { Code, type DomainAddresses, idOf, type Message, Refusal, type ReplyTo } from '@hyperroom/protocol';
import type { Turn } from '../messaging-node/turn.ts';
import type { Addresses } from '../store/addresses.ts';
import type { Refused } from './rules/outcome.ts';

/* How the conference reads its requests, and refuses them. */

export function participantId(from: string, addresses: DomainAddresses): string {
  const id = idOf(from);
  // The id names an attribute of the room object, where a dot would part it.
  if (from !== addresses.hyperty(id) || !/^[\w-]{1,64}$/.test(id)) {
    throw new Refusal(Code.badRequest, `a participant is a hyperty: ${addresses.hyperty('<id>')}`);
  }
  return id;
}

export function requireRoomOfDomain(url: string, addresses: DomainAddresses): void {
  if (!url.startsWith(addresses.room(''))) throw new Refusal(Code.notFound, 'no such room in this domain');
}

/**
 * Who clears up after a connection must find its rooms. Only the owner of `from` can have one noted; a registration in the same
 * frame has noted it already.
 */
export async function noteRoom(entries: Addresses, from: string, room: string, turn: Turn): Promise<void> {
  if (turn.registered.has(from)) return;
  if (!(await entries.noteRoom(from, turn.session.connectionId, room))) {
    throw new Refusal(Code.forbidden, `register ${from} first`);
  }
}

/** The node answers this request; what the frame has answered so far travels along. */
export function takeReplies(message: Message, turn: Turn): ReplyTo {
  const { id, from, to, trace } = message;
  const before = turn.replies;
  turn.replies = [];
  return {
    connectionId: turn.session.connectionId,
    request: { id, from, to },
    before,
    ...(trace !== undefined && { trace }),
    ...(turn.received !== undefined && { received: turn.received }),
  };
}

export function refusalOf({ code, description, details }: Refused): Refusal {
  return new Refusal(code, description, details);
}

export function mediaNodeGone(): Refusal {
  return new Refusal(Code.noMediaNode, 'the media node of this room is gone: try again later');
}
