import type { Moderation, PublicationName, RoomOptions, Source } from '@hyperroom/protocol';
import fc from 'fast-check';
import type { RoomState } from '../room-state.ts';
import { apply } from './apply.ts';
import type { Join, Moderate, Publishing, Resume, RoomEvent, SelfChange, Stay } from './events.ts';
import type { Changed } from './outcome.ts';

/* Rooms and events for tests. */

export const ROOM = 'comm://localhost/standup';
export const NOW = '2026-01-01T00:00:00.000Z';
const NODE = 'hyperty://localhost/media-1';

export const aUser = (id: string) => `user://localhost/${id}`;
export const anonymous = (id: string) => `user://localhost/anonymous-${id}`;
export const socketOf = (id: string) => `socket-of-${id}`;
export const laterSocketOf = (id: string) => `later-socket-of-${id}`;
export const connectionOf = (id: string, name: PublicationName = 'main') => `connection://localhost/${id}-${name}`;

export function publishing(id: string, ...names: readonly PublicationName[]): Publishing {
  const entries = names.map((name) => [
    name,
    { connection: connectionOf(id, name), kinds: ['audio', 'video'] as const },
  ]);
  return Object.fromEntries(entries);
}

type JoinChanges = Partial<Omit<Join, 'type' | 'id' | 'member'>> & { readonly member?: Partial<Join['member']> };

/** Of somebody without a token, who publishes and creates the room if need be. */
export function aJoin(id: string, { member, ...changes }: JoinChanges = {}): Join {
  return {
    type: 'join',
    id,
    member: {
      hypertyURL: `hyperty://localhost/${id}`,
      user: anonymous(id),
      name: id,
      connectionId: socketOf(id),
      opened: 1,
      muted: [],
      metadata: {},
      subscribes: true,
      joined: NOW,
      joinedBy: `join-of-${id}`,
      ...member,
    },
    publishing: publishing(id, 'main'),
    codecs: ['VP8', 'H264'],
    moderates: false,
    options: {},
    incarnation: 'first',
    node: NODE,
    ...changes,
  };
}

export function withoutOptions({ options: _, ...join }: Join): Join {
  return join;
}

export function aChange(id: string, changes: Partial<SelfChange> = {}): SelfChange {
  return { type: 'self', id, connectionId: socketOf(id), publishing: {}, unpublish: [], speaking: false, ...changes };
}

export function aResumption(id: string, changes: Partial<Resume> = {}): Resume {
  return { type: 'resume', id, connectionId: laterSocketOf(id), user: anonymous(id), opened: 2, ...changes };
}

export function byModerator(id: string, moderation: Moderation): Moderate {
  return { type: 'moderate', by: { id, connectionId: socketOf(id) }, moderation };
}

export function aStay(room: RoomState, id: string): Stay {
  return {
    incarnation: room.incarnation,
    epoch: room.epoch,
    node: room.node,
    admitted: room.members[id]?.admitted ?? 0,
  };
}

export function change(room: RoomState | undefined, event: RoomEvent, now = NOW): Changed {
  const outcome = apply(room, event, ROOM, now);
  if (outcome.kind !== 'changed') throw new Error(`expected a change, got ${JSON.stringify(outcome)}`);
  return outcome;
}

/** The room after events that all change it. */
export function after(room: RoomState | undefined, ...events: readonly RoomEvent[]): RoomState {
  const last = events.reduce<RoomState | undefined>((state, event) => change(state, event).room, room);
  if (!last) throw new Error('nothing has happened');
  return last;
}

const ids = ['ada', 'bob', 'cyd', 'dan'];
const id = fc.constantFrom(...ids);
const name = fc.constantFrom<PublicationName>('main', 'screen');
const sources = fc.uniqueArray(fc.constantFrom<Source>('microphone', 'camera', 'screen'), { minLength: 1 });
const incarnation = fc.constantFrom('first', 'first', 'first', 'second');
const connectionId = fc.oneof(id.map(socketOf), id.map(laterSocketOf));
const stay = fc.record({
  incarnation,
  epoch: fc.constantFrom(1, 1, 1, 2),
  admitted: fc.integer({ min: 1, max: 4 }),
  node: fc.constant(NODE),
});
const node = fc.constantFrom(NODE, 'hyperty://localhost/media-2', '');
const changes = fc.dictionary(fc.constantFrom('hand', 'seat'), fc.constantFrom('up', null));
const codecs = fc.constantFrom(['VP8', 'H264'], ['H264']);

const options: fc.Arbitrary<RoomOptions> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ capacity: fc.integer({ min: 1, max: 4 }), lastN: fc.constantFrom(1, 7) }) },
  fc.record(
    {
      codec: fc.constantFrom<'VP8' | 'H264'>('VP8', 'H264'),
      emptyTimeout: fc.constantFrom(0, 60),
      publishers: fc.constantFrom<'everyone' | 'moderators'>('everyone', 'moderators'),
      identities: fc.constantFrom<'replace' | 'reject'>('replace', 'reject'),
      locked: fc.boolean(),
      waitingRoom: fc.boolean(),
      metadata: fc.constant({ topic: 'tests' }),
    },
    { requiredKeys: [] },
  ),
);

/** By their tokens, two of four are the same user. */
const userOf = (id: string) => aUser(id === 'dan' ? 'ada' : id);

const join = fc
  .record({
    id,
    user: fc.constantFrom(userOf, anonymous),
    names: fc.subarray<PublicationName>(['main', 'screen']),
    options: fc.option(options, { nil: undefined }),
    moderates: fc.boolean(),
    codecs: fc.option(codecs, { nil: undefined }),
    incarnation,
    node,
    joinedBy: fc.constantFrom(1, 'again'),
  })
  .map(({ id, user, names, options, codecs, joinedBy, ...rest }) =>
    withOptions(
      aJoin(id, {
        ...rest,
        publishing: publishing(id, ...names),
        ...(codecs && { codecs }),
        member: { user: user(id), joinedBy, metadata: { hand: 'down' }, muted: ['camera'] },
      }),
      options,
    ),
  );

function withOptions(event: Join, options: RoomOptions | undefined): Join {
  return options ? { ...event, options } : withoutOptions(event);
}

const moderation: fc.Arbitrary<Moderation> = fc.oneof(
  fc.record({ action: fc.constant('remove' as const), participant: id, reason: fc.constant('enough') }),
  fc.record({ action: fc.constantFrom('block' as const, 'unblock' as const), participant: id, sources }),
  fc.record({
    action: fc.constantFrom('admit' as const, 'refuse' as const),
    participant: id,
    reason: fc.constant('no'),
  }),
  fc.record({
    action: fc.constant('appoint' as const),
    participant: id,
    role: fc.constantFrom('moderator' as const, 'participant' as const),
  }),
  fc.record({ action: fc.constant('describe' as const), participant: id, metadata: changes }),
  fc.record({
    action: fc.constant('change' as const),
    changes: fc.record(
      { locked: fc.boolean(), waitingRoom: fc.boolean(), capacity: fc.constantFrom(1, 9), metadata: changes },
      { requiredKeys: [] },
    ),
  }),
  fc.record({ action: fc.constant('end' as const), reason: fc.constant('over') }),
);

const ofPublication = { id, stay, publication: name };

/** Any event of a small room, likely and unlikely ones. */
export const roomEvent: fc.Arbitrary<RoomEvent> = fc.oneof(
  { weight: 5, arbitrary: join },
  { weight: 3, arbitrary: id.map((id): RoomEvent => ({ type: 'leave', id })) },
  { weight: 3, arbitrary: id.map((id): RoomEvent => aChange(id, { speaking: true })) },
  fc.record(
    { type: fc.constant('leave' as const), id, stay, connectionId, onlyIfDisconnected: fc.boolean() },
    { requiredKeys: ['type', 'id', 'stay', 'onlyIfDisconnected'] },
  ),
  id.chain((id) =>
    fc
      .constantFrom(anonymous(id), aUser(id), aUser('ada'))
      .map((user): RoomEvent => ({ type: 'leave', id, connectionId: socketOf(id), user })),
  ),
  fc.record({ type: fc.constant('vanish' as const), id, connectionId }),
  {
    weight: 2,
    arbitrary: fc
      .record({ id, user: fc.constantFrom(userOf, anonymous), socket: fc.constantFrom(socketOf, laterSocketOf) })
      .chain(({ id, user, socket }) =>
        fc
          .constantFrom(1, 2, 3)
          .map((opened): RoomEvent => aResumption(id, { user: user(id), connectionId: socket(id), opened })),
      ),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({ id, stay, media: fc.constantFrom('connecting' as const, 'connected' as const) })
      .map(
        (event): RoomEvent => ({ type: 'media', ...event, publication: 'main', connection: connectionOf(event.id) }),
      ),
  },
  fc.record(ofPublication).map(
    (event): RoomEvent => ({
      type: 'unpublished',
      ...event,
      connection: connectionOf(event.id, event.publication),
    }),
  ),
  {
    weight: 2,
    arbitrary: fc
      .record(
        {
          id,
          names: fc.subarray<PublicationName>(['main', 'screen']),
          unpublish: fc.subarray<PublicationName>(['main', 'screen']),
          muted: sources,
          metadata: changes,
          speaking: fc.boolean(),
          codecs,
        },
        { requiredKeys: ['id'] },
      )
      .map(({ id, names = [], ...rest }) => aChange(id, { publishing: publishing(id, ...names), ...rest })),
  },
  { weight: 3, arbitrary: fc.record({ id, moderation }).map(({ id, moderation }) => byModerator(id, moderation)) },
  moderation.map((moderation): RoomEvent => ({ type: 'moderate', moderation })),
  fc.record({ incarnation, options }).map((event): RoomEvent => ({ type: 'create', node: NODE, ...event })),
  fc
    .record({ incarnation, epoch: fc.constantFrom(1, 1, 2), version: fc.integer({ min: 1, max: 6 }) })
    .map((event): RoomEvent => ({ type: 'expire', node: NODE, ...event })),
  {
    weight: 2,
    arbitrary: fc
      .record({ incarnation, epoch: fc.constantFrom(1, 1, 2), from: fc.constantFrom(NODE, NODE, ''), node })
      .map((event): RoomEvent => ({ type: 'move', ...event })),
  },
);

/** Of a room that has, to begin with, some of those in it who may join. */
export const history: fc.Arbitrary<RoomEvent[]> = fc
  .record({
    present: fc.shuffledSubarray(ids, { minLength: 2 }),
    user: fc.constantFrom(userOf, anonymous),
    options: fc.oneof(fc.constant({ lastN: 1 }), options),
    events: fc.array(roomEvent, { maxLength: 16, size: 'max' }),
  })
  .map(({ present, user, options, events }) => [
    ...present.map((id) => aJoin(id, { options, member: { user: user(id) } })),
    ...events,
  ]);
