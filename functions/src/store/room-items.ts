import {
  DEFAULT_ROOM_OPTIONS,
  domainOf,
  idOf,
  MediaKind,
  MediaState,
  Metadata,
  PublicationName,
  ResolvedRoomOptions,
  Source,
} from '@hyperroom/protocol';
import * as v from 'valibot';
import {
  type Member,
  type MemberPublication,
  mapPublications,
  optionsWith,
  type RoomState,
  type Waiting,
} from '../conference/room-state.ts';
import { isAnonymous } from '../messaging-node/session.ts';
import { type Item, textSet } from './table.ts';

/*
 * A room is one item. Each member is a pair of top-level attributes, `member.<id>` and `admitted.<id>`: a nested map could not
 * be created and filled by the same UpdateItem. What is as it usually is, is not stored: every write is paid by the kilobyte.
 */

export const MEMBER = 'member.';
export const ADMITTED = 'admitted.';
export const WAITING = 'waiting.';

/** The index that lists rooms, and the key that all of them have there. */
export const LISTING = { index: 'byListing', attribute: 'listed', key: 'room' } as const;

/** The index that finds the rooms of a media node. A key may not be empty: `none` has those that wait for one. */
export const PLACEMENT = { index: 'byNode', attribute: 'node', none: 'none' } as const;

/** Seconds that DynamoDB may take its time to delete what is over: reads compare the times themselves. */
const REMEMBERED = 3600;

export function keyOf(url: string) {
  return { pk: `room#${idOf(url)}` };
}

/** What a room is stored as. `observers` come and go by themselves, and a few attributes are there for conditions alone. */
export function itemOf(room: RoomState): Item {
  const { url, incarnation, epoch, version, created, lastModified, node, emptyUntil } = room;
  const members = Object.entries(room.members);
  return defined({
    ...keyOf(url),
    url,
    incarnation,
    epoch,
    version,
    created,
    lastModified,
    node: node || PLACEMENT.none,
    emptyUntil,
    ttl: emptyUntil && Math.ceil(emptyUntil / 1000) + REMEMBERED,
    listed: LISTING.key,
    hosted: room.hosted || undefined,
    count: members.length,
    options: storedOptions(room),
    moderators: members.filter(([, { role }]) => role === 'moderator').map(([id]) => id),
    users: textSet(members.map(([, { user }]) => user).filter((user) => !isAnonymous(user))),
    guarded: isGuarded(room) || node === '' || undefined,
    speakers: some(room.speakers),
    banned: textSet(room.banned),
    observers: textSet(room.observers),
    ...Object.fromEntries(members.map(([id, member]) => [MEMBER + id, storedMember(member)])),
    ...Object.fromEntries(members.map(([id, { admitted }]) => [ADMITTED + id, admitted])),
    ...Object.fromEntries(Object.entries(room.waiting).map(([id, entry]) => [WAITING + id, storedWaiting(entry)])),
  });
}

/** Whether who joins has to be looked at more closely than a condition can. */
export function isGuarded({
  options,
  banned,
  emptyUntil,
}: Pick<RoomState, 'options' | 'banned' | 'emptyUntil'>): boolean {
  return (
    options.locked ||
    options.waitingRoom ||
    options.publishers !== DEFAULT_ROOM_OPTIONS.publishers ||
    options.codec !== DEFAULT_ROOM_OPTIONS.codec ||
    banned.length > 0 ||
    emptyUntil !== undefined
  );
}

/** The capacity is always there, for conditions to compare with. */
export function storedOptions({ options, metadata }: Pick<RoomState, 'options' | 'metadata'>): Item {
  const special = Object.entries(options).filter(([name, value]) => Reflect.get(DEFAULT_ROOM_OPTIONS, name) !== value);
  return defined({ ...Object.fromEntries(special), capacity: options.capacity, metadata: someOf(metadata) });
}

export function storedMember(member: Member): Item {
  const { user, name, connectionId, opened, resumed, status, joined, joinedBy, admitted, subscribes, rejoined } =
    member;
  const publications = mapPublications(member.publications, ({ since, connection, kinds, media }) =>
    defined({ connection, kinds: [...kinds], media, since: since === admitted ? undefined : since }),
  );
  return defined({
    user,
    name,
    connectionId,
    opened,
    resumed: resumed || undefined,
    rejoined: rejoined > 1 ? rejoined : undefined,
    joined,
    joinedBy,
    status: status === 'live' ? undefined : status,
    publications: someOf(publications),
    muted: some(member.muted),
    blocked: some(member.blocked),
    metadata: someOf(member.metadata),
    subscribes: subscribes ? undefined : false,
  });
}

function storedWaiting({ user, name, connectionId, since, admitted }: Waiting): Item {
  return defined({ user, name, connectionId, since, admitted: admitted || undefined });
}

function defined(item: Item): Item {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined));
}

const some = <T>(list: readonly T[]) => (list.length > 0 ? [...list] : undefined);
const someOf = <T extends object>(record: T) => (Object.keys(record).length > 0 ? record : undefined);

const Texts = v.optional(v.set(v.string()), new Set<string>());
const Sources = v.optional(v.array(Source), []);

const StoredMember = v.object({
  user: v.string(),
  name: v.string(),
  connectionId: v.string(),
  opened: v.number(),
  resumed: v.optional(v.boolean(), false),
  rejoined: v.optional(v.number(), 1),
  status: v.optional(v.literal('disconnected')),
  publications: v.optional(
    v.record(
      PublicationName,
      v.optional(
        v.object({
          connection: v.string(),
          kinds: v.array(MediaKind),
          media: MediaState,
          since: v.optional(v.number()),
        }),
      ),
    ),
    {},
  ),
  muted: Sources,
  blocked: Sources,
  metadata: v.optional(Metadata, {}),
  subscribes: v.optional(v.boolean(), true),
  joined: v.string(),
  joinedBy: v.union([v.string(), v.number()]),
});

const StoredWaiting = v.object({
  user: v.string(),
  name: v.string(),
  connectionId: v.string(),
  since: v.string(),
  admitted: v.optional(v.boolean(), false),
});

const StoredRoom = v.looseObject({
  url: v.string(),
  incarnation: v.string(),
  epoch: v.number(),
  version: v.number(),
  created: v.string(),
  lastModified: v.string(),
  node: v.string(),
  hosted: v.optional(v.boolean(), false),
  emptyUntil: v.optional(v.number()),
  options: v.object({ ...v.partial(ResolvedRoomOptions).entries, metadata: v.optional(Metadata, {}) }),
  moderators: v.array(v.string()),
  speakers: v.optional(v.array(v.string()), []),
  banned: Texts,
  observers: Texts,
});

export function roomFrom(item: Item): RoomState {
  const { url, incarnation, epoch, version, created, lastModified, node, hosted, ...stored } = v.parse(
    StoredRoom,
    item,
  );
  const { metadata, ...options } = stored.options;
  const hyperty = (id: string) => `hyperty://${domainOf(url)}/${id}`;
  return {
    url,
    incarnation,
    epoch,
    version,
    created,
    lastModified,
    node: node === PLACEMENT.none ? '' : node,
    hosted,
    emptyUntil: stored.emptyUntil,
    options: optionsWith(DEFAULT_ROOM_OPTIONS, options),
    metadata,
    speakers: stored.speakers,
    members: entries(item, MEMBER, (value, id) => {
      const admitted = v.parse(v.number(), item[ADMITTED + id]);
      return memberFrom(value, { hypertyURL: hyperty(id), admitted, role: roleOf(id, stored.moderators) });
    }),
    waiting: entries(item, WAITING, (value, id) => ({ ...v.parse(StoredWaiting, value), hypertyURL: hyperty(id) })),
    banned: [...stored.banned],
    observers: [...stored.observers],
  };
}

function memberFrom(value: unknown, beside: Pick<Member, 'hypertyURL' | 'admitted' | 'role'>): Member {
  const { status = 'live', publications, ...rest } = v.parse(StoredMember, value);
  const { main, screen } = publications;
  const dated = mapPublications(
    { ...(main && { main }), ...(screen && { screen }) },
    ({ since = beside.admitted, ...publication }): MemberPublication => ({ ...publication, since }),
  );
  return { ...rest, ...beside, status, publications: dated };
}

function roleOf(id: string, moderators: readonly string[]): Member['role'] {
  return moderators.includes(id) ? 'moderator' : 'participant';
}

/** The attributes with a prefix, as a record without it. */
function entries<T>(item: Item, prefix: string, from: (value: unknown, id: string) => T): Record<string, T> {
  const found = Object.entries(item).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(
    found.map(([name, value]) => {
      const id = name.slice(prefix.length);
      return [id, from(value, id)];
    }),
  );
}
