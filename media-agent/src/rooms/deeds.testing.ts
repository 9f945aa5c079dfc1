import {
  type Connection,
  type JoinCommand,
  type MediaCommand,
  MediaKind,
  PublicationName,
  type Subscriptions,
  type UpdateCommand,
} from '@hyperroom/protocol';
import fc from 'fast-check';
import { type Conference, connection, connectionsOf, successor } from './testing.ts';

/** Test support: what may happen in a conference, for property tests. */

const IDS = ['a', 'b', 'c', 'd'] as const;

export type Deed = { id: string } & (
  | { kind: 'join'; publishes: PublicationName[]; pool: number; subscribes: boolean; wishes: Choices | null }
  | { kind: 'leave' | 'vanish' | 'comeBack' | 'speak' | 'move' }
  | { kind: 'offer'; count: number; wishes: Choices | null }
  | { kind: 'replace'; pick: number }
  | { kind: 'publish' | 'unpublish'; name: PublicationName }
  | { kind: 'block'; name: PublicationName; blocked: MediaKind[] }
  | { kind: 'wish'; wishes: Choices }
);

type Choices = Omit<Subscriptions, 'revision'>;

const id = fc.constantFrom(...IDS);
const name = fc.constantFrom(...PublicationName.options);
const kinds = fc.subarray([...MediaKind.options]);

const choices: fc.Arbitrary<Choices> = fc.record({
  auto: fc.boolean(),
  choices: fc.array(fc.record({ participant: id, publication: name, subscribed: fc.boolean(), paused: kinds }), {
    maxLength: 4,
  }),
});
const wishes = fc.option(choices, { freq: 4 });

const join = fc.record({
  kind: fc.constant('join' as const),
  id,
  publishes: fc.subarray([...PublicationName.options]),
  pool: fc.nat({ max: 4 }),
  subscribes: fc.integer({ min: 0, max: 9 }).map((nth) => nth > 0),
  wishes,
});

export const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 5, arbitrary: join },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('leave', 'vanish', 'comeBack', 'speak', 'speak'), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('move' as const), id }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('replace' as const), id, pick: fc.nat({ max: 99 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('offer' as const),
      id,
      count: fc.integer({ min: 1, max: 3 }),
      wishes,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('publish', 'publish', 'unpublish'), id, name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('block' as const), id, name, blocked: kinds }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wish' as const), id, wishes: choices }) },
);

/** What a conference sends in the course of these deeds; those that cannot happen are left out. */
export function commandsOf(conference: Conference, deeds: readonly Deed[]): MediaCommand[] {
  const offered = new Map<string, string[]>();
  return deeds.flatMap((deed, nth) => {
    const commands = commandsFor(conference, deed, nth, offered.get(deed.id) ?? []);
    for (const command of commands) if (command.command !== 'sync') noteOffers(offered, command);
    return commands;
  });
}

function noteOffers(offered: Map<string, string[]>, { participant, connections }: JoinCommand | UpdateCommand): void {
  const receiving = connections.filter(({ data }) => data.direction === 'receive');
  offered.set(participant, [...(offered.get(participant) ?? []), ...receiving.map(({ url }) => url)]);
}

function commandsFor(conference: Conference, deed: Deed, nth: number, offered: readonly string[]): MediaCommand[] {
  const { id } = deed;
  const present = conference.roster.participants[id];
  const said = (choices: Choices | null) => (choices ? { subscriptions: { revision: nth + 1, ...choices } } : {});
  const publication = (as: PublicationName) => connection(id, `${id}-${as}${nth}`, as);
  if (deed.kind === 'join') {
    if (present) return [];
    const connections = [...deed.publishes.map(publication), ...offersOf(id, nth, deed.pool)];
    return [conference.join(id, connections, { subscribes: deed.subscribes, ...said(deed.wishes) })];
  }
  if (!present) return [];
  switch (deed.kind) {
    case 'leave':
      return [conference.leave(id)];
    case 'speak':
      return [conference.speak(id)];
    case 'vanish':
      return present.status === 'live' ? [conference.vanish(id)] : [];
    case 'comeBack':
      return present.status === 'live' ? [] : [conference.comeBack(id, `conn-${id}-${nth}`)];
    case 'move':
      return [conference.move(), ...offeredAnew(conference, nth)];
    case 'offer':
      return [conference.update(id, offersOf(id, nth, deed.count), said(deed.wishes))];
    case 'replace': {
      const replaced = offered[offered.length - 1 - (deed.pick % Math.max(1, offered.length))];
      return replaced ? [conference.update(id, [successor(id, `${id}-s${nth}`, replaced)])] : [];
    }
    case 'wish':
      return [conference.update(id, [], said(deed.wishes))];
    case 'publish':
      return [conference.update(id, [publication(deed.name)])];
    case 'unpublish':
      return present.publications[deed.name] ? [conference.unpublish(id, deed.name)] : [];
    case 'block':
      return present.publications[deed.name] ? [conference.block(id, deed.name, ...deed.blocked)] : [];
  }
}

function offersOf(id: string, nth: number, count: number): Connection[] {
  return connectionsOf(id, count, nth * 100);
}

/** Everybody does, when the epoch has risen. */
function offeredAnew(conference: Conference, nth: number): MediaCommand[] {
  return Object.entries(conference.roster.participants).map(([id, { publications }]) => {
    const names = PublicationName.options.filter((name) => publications[name]);
    const published = names.map((name) => connection(id, `${id}-${name}${nth}`, name));
    return conference.update(id, [...published, ...offersOf(id, nth, 3)]);
  });
}
