import { Code, type Moderation, type RoomChanges } from '@hyperroom/protocol';
import { isAnonymous } from '../../messaging-node/session.ts';
import { type Member, mapValues, optionsWith, type RoomState, type Waiting } from '../room-state.ts';
import { changedMetadata, type Moderate } from './events.ts';
import { notHere } from './leave.ts';
import { metadataRefused, overfullRefused, unique, without } from './members.ts';
import { changed, ended, entryOf, notice, type Outcome, refused, withoutEntry } from './outcome.ts';

type Action<A extends Moderation['action']> = Extract<Moderation, { action: A }>;

/** Moderators, and back ends, have their way with a room. */
export function moderate(room: RoomState | undefined, { by, moderation }: Moderate, now: string): Outcome {
  if (!room) return by ? notHere() : refused(Code.notFound, 'no such room');
  if (by) {
    const moderator = entryOf(room.members, by.id);
    if (!moderator) return notHere();
    if (moderator.connectionId !== by.connectionId) {
      return refused(Code.forbidden, `${moderator.hypertyURL} is not yours`);
    }
    if (moderator.role !== 'moderator') return refused(Code.forbidden, 'only moderators may do that');
  }
  return act(room, moderation, now);
}

function act(room: RoomState, moderation: Moderation, now: string): Outcome {
  switch (moderation.action) {
    case 'remove':
      return remove(room, moderation, now);
    case 'block':
    case 'unblock':
      return block(room, moderation, now);
    case 'admit':
      return admit(room, moderation, now);
    case 'refuse':
      return refuse(room, moderation, now);
    case 'appoint':
      return appoint(room, moderation, now);
    case 'describe':
      return describe(room, moderation, now);
    case 'change':
      return change(room, moderation.changes, now);
    case 'end':
      return ended(room, now, moderation.reason);
  }
}

function ofMember(room: RoomState, id: string, then: (member: Member) => Outcome): Outcome {
  const member = entryOf(room.members, id);
  return member ? then(member) : refused(Code.notFound, `no such participant: ${id}`);
}

function withChanges(room: RoomState, id: string, now: string, changes: Partial<Member>): Outcome {
  return ofMember(room, id, (member) =>
    changed(room, now, () => ({ members: { ...room.members, [id]: { ...member, ...changes } } })),
  );
}

function remove(room: RoomState, { participant, reason }: Action<'remove'>, now: string): Outcome {
  return ofMember(room, participant, (member) => {
    // To ban who came without a token under his user's name would ban nobody: his next connection is another user.
    const banned = isAnonymous(member.user) ? [member.hypertyURL] : [member.hypertyURL, member.user];
    const change = () => ({ ...without(room, participant, now), banned: [...new Set([...room.banned, ...banned])] });
    return changed(room, now, change, [notice(member, 'removed', reason)]);
  });
}

function block(room: RoomState, moderation: Action<'block' | 'unblock'>, now: string): Outcome {
  const { participant, action, sources } = moderation;
  return ofMember(room, participant, ({ blocked }) =>
    withChanges(room, participant, now, {
      blocked:
        action === 'block' ? unique([...blocked, ...sources]) : blocked.filter((source) => !sources.includes(source)),
    }),
  );
}

function ofWaiting(room: RoomState, id: string, then: (waiting: Waiting) => Outcome): Outcome {
  const waiting = entryOf(room.waiting, id);
  return waiting ? then(waiting) : refused(Code.notFound, `nobody waits as ${id}`);
}

function admit(room: RoomState, { participant }: Action<'admit'>, now: string): Outcome {
  return ofWaiting(room, participant, (waiting) =>
    changed(room, now, () => ({ waiting: { ...room.waiting, [participant]: { ...waiting, admitted: true } } }), [
      notice(waiting, 'admitted'),
    ]),
  );
}

function refuse(room: RoomState, { participant, reason }: Action<'refuse'>, now: string): Outcome {
  return ofWaiting(room, participant, (waiting) =>
    changed(room, now, () => ({ waiting: withoutEntry(room.waiting, participant) }), [
      notice(waiting, 'refused', reason),
    ]),
  );
}

/** Only a back end's room can do without moderators. */
function appoint(room: RoomState, { participant, role }: Action<'appoint'>, now: string): Outcome {
  const others = Object.values(withoutEntry(room.members, participant));
  if (!room.hosted && role === 'participant' && !others.some((member) => member.role === 'moderator')) {
    return refused(Code.conflict, 'appoint another moderator first');
  }
  return withChanges(room, participant, now, { role });
}

function describe(room: RoomState, { participant, metadata }: Action<'describe'>, now: string): Outcome {
  return ofMember(room, participant, (member) => {
    const described = changedMetadata(member.metadata, metadata);
    const next = { ...room, members: { ...room.members, [participant]: { ...member, metadata: described } } };
    const refusal = metadataRefused(described) ?? overfullRefused(next);
    return refusal ?? changed(room, now, () => next);
  });
}

function change(room: RoomState, { metadata: described, ...options }: RoomChanges, now: string): Outcome {
  const metadata = changedMetadata(room.metadata, described ?? {});
  const next = { metadata, options: optionsWith(room.options, options) };
  const refusal = metadataRefused(metadata) ?? (described && overfullRefused({ ...room, ...next }));
  if (refusal) return refusal;
  if (next.options.waitingRoom) return changed(room, now, () => next);
  // Without a waiting room nobody is left in it.
  const waiting = mapValues(room.waiting, (entry) => ({ ...entry, admitted: true }));
  const letIn = Object.values(room.waiting).filter(({ admitted }) => !admitted);
  return changed(
    room,
    now,
    () => ({ ...next, waiting }),
    letIn.map((entry) => notice(entry, 'admitted')),
  );
}
