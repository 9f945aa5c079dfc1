import type { MediaCommand } from '@hyperroom/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SPARES } from './policy.ts';
import { type Member, type Receiver, type RoomState, stays } from './state.ts';
import { ADDRESSES, Conference, connection, connectionsOf } from './testing.ts';
import { World } from './world.testing.ts';

/*
 * Whatever becomes of the commands on their way (lost, doubled, overtaken) and in whatever order the media server
 * answers: once the newest roster has arrived, what exists is what the roster and the offers that arrived call for.
 */

const IDS = ['a', 'b', 'c', 'd'] as const;

type Deed =
  | { kind: 'join'; id: string; publishes: boolean; pool: number }
  | { kind: 'leave' | 'vanish' | 'comeBack'; id: string }
  | { kind: 'offer'; id: string; count: number };

const id = fc.constantFrom(...IDS);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('join' as const),
      id,
      publishes: fc.boolean(),
      pool: fc.nat({ max: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('leave', 'vanish', 'comeBack'), id }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('offer' as const), id, count: fc.integer({ min: 1, max: 3 }) }),
  },
);

/** What a conference sends in the course of these deeds; those that cannot happen are left out. */
function commandsOf(conference: Conference, deeds: readonly Deed[]): MediaCommand[] {
  return deeds.flatMap((deed, nth) => commandOf(conference, deed, nth) ?? []);
}

function commandOf(conference: Conference, deed: Deed, nth: number): MediaCommand | null {
  const present = conference.roster.participants[deed.id];
  const fresh = (count: number) => connectionsOf(deed.id, count, nth * 100);
  if (deed.kind === 'join') {
    if (present) return null;
    const publication = deed.publishes ? [connection(deed.id, `${deed.id}-pub${nth}`, 'publish')] : [];
    return conference.join(deed.id, [...publication, ...fresh(deed.pool)]);
  }
  if (!present) return null;
  if (deed.kind === 'leave') return conference.leave(deed.id);
  if (deed.kind === 'offer') return conference.offer(deed.id, fresh(deed.count));
  if (deed.kind === 'vanish') return present.status === 'live' ? conference.vanish(deed.id) : null;
  return present.status === 'live' ? null : conference.comeBack(deed.id, `conn-${deed.id}-${nth}`);
}

/** Delivers some of the commands, some of them twice, in any order, while the media server answers now and then. */
function run(world: World, commands: readonly MediaCommand[], choices: readonly number[]): Map<string, number> {
  const delivered = new Map<string, number>();
  const queue = [...commands];
  for (const choice of choices) {
    const act = choice % 5;
    const pick = Math.floor(choice / 5);
    if (act <= 2) {
      const [command] = queue.splice(pick % Math.max(1, queue.length), 1);
      if (!command || act === 2) continue;
      if (pick % 3 === 0) queue.push(command);
      deliver(world, command, delivered);
    } else {
      const open = [...world.endpoints.values()].filter(({ state }) => state !== 'connected');
      const endpoint = open[pick % Math.max(1, open.length)];
      if (endpoint?.state === 'answered') world.connect(endpoint);
      else if (endpoint && endpoint.direction === 'receive' && pick % 4 === 0) world.fail(endpoint);
      else if (endpoint && pick % 17 === 0) world.fail(endpoint);
      else if (endpoint) world.answer(endpoint);
    }
    checkAlways(world);
  }
  return delivered;
}

function deliver(world: World, command: MediaCommand, delivered: Map<string, number>): void {
  world.send({ type: 'command', command });
  if (command.command === 'sync') return;
  const { id } = command.reply.request;
  delivered.set(String(id), (delivered.get(String(id)) ?? 0) + 1);
}

function checkAlways(world: World): void {
  for (const room of world.state.rooms.values()) {
    for (const member of room.members.values()) {
      const peers = [...member.receivers.values()].flatMap(({ peer }) => peer ?? []);
      expect(new Set(peers).size, 'a pair is bound once').toBe(peers.length);
      expect(freeAnswered(member)).toBeLessThanOrEqual(SPARES);
    }
  }
}

const isAnswered = ({ phase }: Receiver) => phase.name === 'answered' || phase.name === 'answering';
const freeAnswered = (member: Member) =>
  [...member.receivers.values()].filter((receiver) => receiver.peer === null && isAnswered(receiver)).length;

function checkOutcome(world: World, conference: Conference, delivered: Map<string, number>): void {
  const room = [...world.state.rooms.values()][0];
  const present = stays(conference.roster);
  expect(world.pipelines.size).toBe(present.size > 0 ? 1 : 0);
  expect(world.endpoints.size).toBe(room ? endpointsOf(room) : 0);
  for (const member of room?.members.values() ?? []) {
    expect(present.has(member.stay), `${member.stay} has left`).toBe(true);
    if (room && !member.refused) checkMember(world, room, member);
  }
  for (const [request, times] of delivered) {
    const responses = world.responsesTo(request).length;
    expect(responses, `responses to ${request}`).toBeGreaterThanOrEqual(1);
    expect(responses, `responses to ${request}`).toBeLessThanOrEqual(times);
  }
}

function endpointsOf(room: RoomState): number {
  return [...room.members.values()].reduce(
    (sum, { publication, receivers }) =>
      sum + (publication ? 1 : 0) + [...receivers.values()].filter(isAnswered).length,
    0,
  );
}

function checkMember(world: World, room: RoomState, member: Member): void {
  const receivers = [...member.receivers.values()];
  const entries = stays(room.roster);
  for (const publisher of room.members.values()) {
    if (publisher === member || !publisher.publication || publisher.refused) continue;
    const bound = receivers.find(({ peer }) => peer === publisher.stay);
    const outOfOffers = receivers.every(({ peer }) => peer !== null);
    expect(bound !== undefined || outOfOffers, `${member.stay} sees ${publisher.stay}`).toBe(true);
    expect(bound?.linked ?? true, 'media flows').toBe(true);
  }
  const held = receivers.filter(({ phase }) => phase.name === 'held').length;
  expect(held === 0 || freeAnswered(member) === SPARES, 'spares are kept while there are offers').toBe(true);
  expect(world.links.size).toBe([...room.members.values()].flatMap((m) => linkedOf(m)).length);

  const entry = entries.get(member.stay);
  if (entry?.status !== 'live') return;
  const view = world.view(ADDRESSES.hyperty(member.participant));
  for (const receiver of receivers.filter(isAnswered)) {
    expect(view.answers.has(receiver.url), `${receiver.url} is answered to its client`).toBe(true);
    const peer = receiver.peer === null ? undefined : entries.get(receiver.peer)?.hypertyURL;
    expect(view.peers.get(receiver.url)).toBe(peer);
  }
}

const linkedOf = (member: Member) => [...member.receivers.values()].filter(({ linked }) => linked);

test('any fate of the commands leads to what the newest roster and the offers call for', () => {
  fc.assert(
    fc.property(
      fc.array(deed, { maxLength: 14 }),
      fc.array(fc.nat({ max: 4999 }), { maxLength: 80 }),
      (deeds, choices) => {
        const conference = new Conference();
        const world = new World();
        const commands = commandsOf(conference, deeds);
        const { participants } = conference.roster;
        // Posts to a connection that has been given up are lost.
        world.reaches = (connectionId, to) =>
          Object.values(participants).some((entry) => entry.hypertyURL === to && entry.connectionId === connectionId);
        const delivered = run(world, commands, choices);
        world.send({ type: 'command', command: conference.sync() });
        world.settle();
        checkOutcome(world, conference, delivered);

        for (const participant of Object.keys(participants)) {
          world.send({ type: 'command', command: conference.leave(participant) });
        }
        expect([world.pipelines.size, world.endpoints.size, world.links.size]).toEqual([0, 0, 0]);
        world.send({ type: 'forget', room: [...world.state.rooms.keys()][0] ?? '' });
        expect(world.state.rooms.size).toBe(0);
      },
    ),
    { numRuns: 400 },
  );
}, 60_000);

test('in order and without loss, everybody sees every publication', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 20 }), (deeds) => {
      const conference = new Conference();
      const world = new World();
      for (const command of commandsOf(conference, deeds)) {
        world.send({ type: 'command', command });
        world.settle();
        checkAlways(world);
      }
      const room = [...world.state.rooms.values()][0];
      for (const member of room?.members.values() ?? []) if (room) checkMember(world, room, member);
      expect(room?.members.size ?? 0).toBe(stays(conference.roster).size);
    }),
    { numRuns: 200 },
  );
}, 60_000);
