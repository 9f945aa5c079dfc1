import { type MediaCommand, MediaKind, type Roster, type RosterPublication } from '@hyperroom/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandsOf, deed } from './deeds.testing.ts';
import type { AgentEvent, Timer } from './events.ts';
import { SPARES } from './policy.ts';
import {
  endpointsIn,
  hasEndpoint,
  type Member,
  type Receiver,
  type RoomKey,
  type RoomState,
  roomKeyOf,
  stayKeyOf,
  stays,
} from './state.ts';
import { supplyOf } from './supply.ts';
import { Conference } from './testing.ts';
import { wanted } from './wanted.ts';
import { isSubscribed, NO_WISHES, pausedKinds, type Wishes, wishesOf } from './wishes.ts';
import { World } from './world.testing.ts';

/*
 * Whatever becomes of the commands on their way (lost, doubled, overtaken), in whatever order the media server answers,
 * however often it is lost, and at whatever moment the process ends and another goes on with its state: once the newest
 * roster has arrived, what exists is what the roster, the wishes and the offers that arrived call for. And at no moment
 * does anybody get what he must not, or is there more than there may be.
 */

/** What has reached the agent so far, kept without the help of its planner. */
class Delivery {
  readonly requests = new Map<string, number>();
  readonly #wishes = new Map<string, Wishes>();
  roster: Roster | null = null;

  deliver(world: World, command: MediaCommand): void {
    const { roster } = command;
    if (!this.roster || roster.version > this.roster.version) this.roster = roster;
    const key = roomKeyOf(roster);
    if (command.command !== 'sync') {
      const { participant, subscriptions, reply } = command;
      const { id } = reply.request;
      this.requests.set(String(id), (this.requests.get(String(id)) ?? 0) + 1);
      const stay = stayKeyOf(participant, roster.participants[participant]?.admitted ?? 0);
      if (subscriptions && subscriptions.revision > this.wishes(key, stay).revision) {
        this.#wishes.set(`${key} ${stay}`, wishesOf(subscriptions));
      }
    }
    world.send({ type: 'command', command });
  }

  wishes(room: RoomKey, stay: string): Wishes {
    return this.#wishes.get(`${room} ${stay}`) ?? NO_WISHES;
  }

  /** The life of the room that goes on. */
  roomIn({ state }: World): RoomState | undefined {
    return this.roster ? state.rooms.get(roomKeyOf(this.roster)) : undefined;
  }
}

/** Delivers most of the commands, some of them twice, out of order, while the media server answers now and then. */
function run(world: World, delivery: Delivery, commands: readonly MediaCommand[], choices: readonly number[]): void {
  const queue = [...commands];
  for (const choice of choices) {
    const act = choice % 8;
    const pick = Math.floor(choice / 8);
    if (act === 7 && pick % 5 === 0) {
      misfortune(world, Math.floor(pick / 5));
    } else if (act === 6) {
      goOn(world, pick);
    } else if (act < 4) {
      const [command] = queue.splice(pick % Math.min(OVERTAKING, queue.length + 1), 1);
      if (!command || pick % 7 === 0) continue;
      if (pick % 5 === 0) queue.splice(pick % (queue.length + 1), 0, command);
      delivery.deliver(world, command);
    } else {
      react(world, pick);
    }
    checkAlways(world, delivery);
  }
}

/** How many commands one may be ahead of. */
const OVERTAKING = 5;

/** The media server goes, or comes back; or the process ends in the middle of something. */
function misfortune(world: World, pick: number): void {
  const { media } = world.state;
  if (media !== 'up') world.send({ type: 'media', state: 'up' });
  else if (pick % 9 === 0) world.send({ type: 'media', state: 'lost' });
  else if (pick % 9 === 1) world.send({ type: 'media', state: 'away' });
  else world.crash(nextEvent(world, pick), pick % 4);
}

function nextEvent(world: World, pick: number): AgentEvent {
  const open = [...world.endpoints.values()].filter(({ state }) => state !== 'connected');
  const endpoint = open[pick % Math.max(1, open.length)];
  if (!endpoint) return { type: 'alive', hyperty: '' };
  if (endpoint.state === 'answering') {
    endpoint.state = 'answered';
    return { type: 'answered', endpoint: endpoint.ref, sdp: endpoint.offer };
  }
  endpoint.state = 'connected';
  return { type: 'transport', endpoint: endpoint.ref, state: 'connected' };
}

function react(world: World, pick: number): void {
  const open = [...world.endpoints.values()].filter(({ state }) => state !== 'connected');
  const endpoint = open[pick % Math.max(1, open.length)];
  if (endpoint?.state === 'answered') world.connect(endpoint);
  else if (endpoint && pick % 11 === 0) world.fail(endpoint);
  else if (endpoint) world.answer(endpoint);
}

/** Media begin to flow or cease to, connections are closed, or it takes too long. */
function goOn(world: World, pick: number): void {
  const connected = [...world.endpoints.values()].filter(({ state }) => state === 'connected');
  const endpoint = connected[pick % Math.max(1, connected.length)];
  if (pick % 4 === 0) world.timeUp('handOver');
  else if (pick % 9 === 1) world.timeUp('connecting');
  else if (endpoint?.direction === 'publish' && pick % 7 > 0) {
    world.flow(endpoint, pick % 3 > 0, pick % 2 === 0 ? 'audio' : 'video');
  } else if (endpoint && pick % 3 === 0) world.send({ type: 'transport', endpoint: endpoint.ref, state: 'closed' });
}

const receiversOf = ({ receivers }: Member) => [...receivers.values()].filter(({ phase }) => phase.name !== 'failed');
const freeAnswered = (member: Member) =>
  receiversOf(member).filter(
    (receiver) => receiver.peer === null && receiver.replaces === null && hasEndpoint(receiver),
  ).length;

function checkAlways(world: World, delivery: Delivery): void {
  const room = delivery.roomIn(world);
  if (!room) return;
  expect(world.endpoints.size, 'earlier epochs have none').toBe(endpointsIn(room));
  expect(world.endpoints.size).toBeLessThanOrEqual(world.state.capacity);
  for (const member of room.members.values()) {
    const receivers = receiversOf(member).filter(({ replaces }) => replaces === null);
    const peers = receivers.flatMap(({ peer }) => peer ?? []);
    expect(new Set(peers).size, 'a publication is shown once').toBe(peers.length);
    expect(freeAnswered(member)).toBeLessThanOrEqual(SPARES);
    expect(receivers.filter(hasEndpoint).length, 'receivers').toBeLessThanOrEqual(room.roster.lastN);
    for (const name of ['main', 'screen']) {
      const legs = [...member.publications.values()].filter((leg) => leg.name === name);
      expect(legs.length, 'one, and the one that it replaces').toBeLessThanOrEqual(2);
    }
    checkSuccessors(member);
    checkPatience(world, member);
    checkTold(world, room, member, ({ told }) => told.peer !== null);
  }
  // What is out of reach goes on as it is.
  if (world.state.media === 'up') checkFlows(world, room, delivery);
}

/** What replaces a receiver shows what that one shows, and has nothing of its own. */
function checkSuccessors(member: Member): void {
  const replaced = receiversOf(member).flatMap(({ replaces }) => replaces ?? []);
  expect(new Set(replaced).size, 'one successor').toBe(replaced.length);
  for (const { replaces, peer } of receiversOf(member)) {
    if (replaces === null) continue;
    const predecessor = member.receivers.get(replaces);
    expect(predecessor && hasEndpoint(predecessor), 'it still stands').toBe(true);
    expect(predecessor?.replaces).toBe(null);
    expect(peer).toBe(predecessor?.peer);
  }
}

/** Nothing that is waited for is waited for in vain. */
function checkPatience(world: World, member: Member): void {
  const waits = (name: Timer['name']) => world.waits(name).map(([whose]) => whose);
  for (const { url, phase, connected, replaces } of member.receivers.values()) {
    if (phase.name === 'answered' && !connected) expect(waits('connecting')).toContain(url);
    if (replaces !== null && connected) expect(waits('handOver')).toContain(url);
  }
}

/** Every flow that there is at the media server is a flow that may be. */
function checkFlows(world: World, room: RoomState, delivery: Delivery): void {
  for (const kind of MediaKind.options) {
    for (const [to, from] of world.links[kind]) {
      const [receiver, source] = [world.endpoints.get(to), world.endpoints.get(from)];
      const leg = room.members.get(source?.ref.stay ?? '')?.publications.get(source?.ref.url ?? '');
      if (!receiver || !source || !leg) expect.fail(`a flow from nowhere: ${to} ${from}`);
      const participant = source.ref.stay.slice(0, source.ref.stay.indexOf('@'));
      const publication: RosterPublication | undefined =
        delivery.roster?.participants[participant]?.publications[leg.name];
      expect(publication?.kinds).toContain(kind);
      expect(publication?.blocked, 'blocked').not.toContain(kind);
      const wishes = delivery.wishes(room.key, receiver.ref.stay);
      expect(isSubscribed(wishes, { participant, name: leg.name }), 'not subscribed').toBe(true);
      expect(pausedKinds(wishes, { participant, name: leg.name }), 'paused').not.toContain(kind);
      expect(stays(room.roster).get(receiver.ref.stay)?.subscribes, 'may receive').toBe(true);
    }
  }
}

/** What a client believes that its connections show is what they show. */
function checkTold(world: World, room: RoomState, member: Member, which: (receiver: Receiver) => boolean): void {
  const entry = stays(room.roster).get(member.stay);
  if (entry?.status !== 'live' || !world.reaches(entry.connectionId, entry.hypertyURL)) return;
  const view = world.view(entry.hypertyURL);
  const { published } = supplyOf(room);
  for (const receiver of receiversOf(member).filter(hasEndpoint).filter(which)) {
    expect(view.answers.has(receiver.url), `${receiver.url} is answered to its client`).toBe(true);
    const peer = receiver.peer === null ? undefined : published.get(receiver.peer);
    expect(view.peers.get(receiver.url)).toEqual(peer && { peer: peer.owner, publication: peer.name });
  }
}

function checkOutcome(world: World, conference: Conference, delivery: Delivery): void {
  const room = delivery.roomIn(world);
  const present = stays(conference.roster);
  expect(world.pipelines.size).toBe(present.size > 0 ? 1 : 0);
  for (const member of room?.members.values() ?? []) {
    expect(present.has(member.stay), `${member.stay} has left`).toBe(true);
    if (room && !member.refused) checkMember(world, room, member);
  }
  for (const [request, times] of delivery.requests) {
    const responses = world.responsesTo(request).length;
    const unsent = world.unsent.filter(({ type, id }) => type === 'response' && id === request).length;
    expect(responses + unsent, `responses to ${request}`).toBeGreaterThanOrEqual(1);
    expect(responses, `responses to ${request}`).toBeLessThanOrEqual(times);
  }
}

/** Until nothing is under way any more. */
function goWell(world: World): void {
  world.settle();
  world.flowAll();
  world.timeUp('handOver');
  world.settle();
}

const isFull = (world: World) => world.endpoints.size >= world.state.capacity;

function checkMember(world: World, room: RoomState, member: Member): void {
  const entry = stays(room.roster).get(member.stay);
  if (!entry) expect.fail(`${member.stay} is not there`);
  const supply = supplyOf(room);
  const receivers = receiversOf(member);
  const wants = wanted(member, entry, supply, room.roster.lastN);
  for (const { key, kinds, blocked, ...publication } of wants) {
    const bound = receivers.find(({ peer }) => peer === key);
    const feed = supply.feeds.get(key);
    const exhausted = receivers.every(({ peer }) => wants.some((want) => want.key === peer));
    expect(bound !== undefined || !feed || exhausted || isFull(world), `${member.stay} sees ${key}`).toBe(true);
    const silenced = [...blocked, ...pausedKinds(member.wishes, publication)];
    const expected = bound && feed ? kinds.filter((kind) => !silenced.includes(kind)) : [];
    expect(
      MediaKind.options.filter((kind) => bound && world.links[kind].has(`${room.key} ${member.stay} ${bound.url}`)),
    ).toEqual(expected);
  }
  if (!isFull(world)) {
    checkPool(member, entry.subscribes, room.roster.lastN);
    expect(receivers.filter(({ replaces }) => replaces !== null)).toEqual([]);
  }
  checkPublications(room, member);
  checkTold(world, room, member, () => true);
}

function checkPool(member: Member, subscribes: boolean, lastN: number): void {
  const receivers = receiversOf(member);
  const held = receivers.filter(({ phase }) => phase.name === 'held').length;
  const used = receivers.length - held;
  const isKept = held === 0 || freeAnswered(member) === SPARES || used >= lastN || !subscribes;
  expect(isKept, 'a spare is kept while there are offers').toBe(true);
}

/** Once a publication brings media, what it has replaced is gone. */
function checkPublications(room: RoomState, member: Member): void {
  for (const leg of member.publications.values()) {
    const present = room.roster.participants[member.participant]?.publications[leg.name]?.connection;
    const succeeded = leg.url !== present && member.publications.get(present ?? '')?.phase.name === 'answered';
    expect(succeeded, `${leg.url} has been replaced by ${present}`).toBe(false);
  }
}

const capacity = fc.constantFrom(3, 6, 9, 1000);
const deeds = fc.array(deed, { maxLength: 32, size: 'max' });
const lastN = fc.constantFrom(1, 2, 3, 7);

test('any fate of the commands leads to what the newest roster, the wishes and the offers call for', () => {
  const choices = fc.array(fc.nat({ max: 7999 }), { maxLength: 160, size: 'max' });
  fc.assert(
    fc.property(deeds, choices, lastN, capacity, (deeds, choices, lastN, capacity) => {
      const conference = new Conference({ roster: { lastN } });
      const world = new World(capacity);
      const delivery = new Delivery();
      const commands = commandsOf(conference, deeds);
      const { participants } = conference.roster;
      // Posts to a connection that has been given up are lost.
      world.reaches = (connectionId, to) =>
        Object.values(participants).some((entry) => entry.hypertyURL === to && entry.connectionId === connectionId);
      run(world, delivery, commands, choices);
      if (world.state.media !== 'up') world.send({ type: 'media', state: 'up' });
      delivery.deliver(world, conference.sync());
      // Without a further epoch nothing comes of it.
      if (delivery.roomIn(world)?.lost) delivery.deliver(world, conference.move());
      checkAlways(world, delivery);
      goWell(world);
      checkAlways(world, delivery);
      checkOutcome(world, conference, delivery);

      for (const participant of Object.keys(participants)) delivery.deliver(world, conference.leave(participant));
      expect([world.pipelines.size, world.endpoints.size, world.linked]).toEqual([0, 0, []]);
      world.timeUp('forget');
      expect(world.state.rooms.size).toBe(0);
    }),
    { numRuns: 150 },
  );
}, 60_000);

test('in order and without loss, everybody sees what he wants', () => {
  fc.assert(
    fc.property(deeds, lastN, (deeds, lastN) => {
      const conference = new Conference({ roster: { lastN } });
      const world = new World();
      const delivery = new Delivery();
      for (const command of commandsOf(conference, deeds)) {
        delivery.deliver(world, command);
        goWell(world);
        checkAlways(world, delivery);
      }
      checkOutcome(world, conference, delivery);
      expect(delivery.roomIn(world)?.members.size ?? 0).toBe(stays(conference.roster).size);
    }),
    { numRuns: 100 },
  );
}, 60_000);
