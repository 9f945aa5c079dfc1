import { Code, type Connection, PUBLICATION_NAMES, type PublicationName, type Room } from '@hyperroom/protocol';
import type { Changes } from '../conference-messages.ts';
import { type ConnectionController, inFrames } from '../connection-controller.ts';
import { isRefusal, retryAfterOf } from '../errors.ts';
import type { MediaConnection } from '../media-connection.ts';
import { namesOf, USUAL_CODEC } from '../peer-connections.ts';
import { HandOver } from './hand-over.ts';
import { type Attempt, begin, brokenFrom, type Circumstances, dueAt, failed } from './plan.ts';
import { Turns } from './turns.ts';

export interface RepairsOptions {
  /** The id of the participant whose connections these are. */
  self: string;
  connections: ConnectionController;
  /** The room as it is; undefined until it is joined. */
  room: () => Room | undefined;
  /** Whether the server can be reached. */
  isUp: () => boolean;
  /** When the network changed last, as `performance.now()` says. */
  networkChanged: () => number;
  /** Sends what one frame takes of offers, and applies the answers. */
  update: (changes: Changes) => Promise<unknown>;
  /** Hears that the room's media begin anew: nothing that was offered to receive, or said of subscriptions, holds any more. */
  onEpoch: () => void;
  /** Hears that the room lists a publication that nothing sends: of an offer whose outcome is unknown, say. What it does about it takes its turn. */
  onStray: (publication: PublicationName) => void;
  /** Hears that a publication must not be published again. */
  onForbidden: (publication: PublicationName) => void;
  /** Hears that connections have gone. */
  onGone: () => void;
}

/** A connection that needs another in its place, or a publication that has none. */
interface Broken {
  /** The connection's address, or the publication's name. */
  key: string;
  /** Since when, or from when if nothing changes. */
  from: number;
  /** When that is to be repaired. */
  due: number;
}

/** Replaces connections that do not work, as long as it takes. Kurento has no ICE restart, so each needs another one. */
export class Repairs {
  /** What begins and ends a publication, here and for the application, happens in turn. */
  readonly turns = { main: this.#newTurns(), screen: this.#newTurns() };
  readonly #options: RepairsOptions;
  readonly #handOver: HandOver;
  readonly #attempts = new Map<string, Attempt>();
  /** Connections in whose place others are being offered. */
  readonly #underWay = new Set<string>();
  /** Connections that the server shows somebody by, though they are gone. */
  readonly #ghosts = new Set<string>();
  #epoch: number | undefined;
  /** The version of the room that its epoch is known from. */
  #epochFrom = 0;
  #endEpoch = () => {};
  #epochOver: Promise<void> | undefined;
  #next: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(options: RepairsOptions) {
    this.#options = options;
    const { connections, onGone } = options;
    const isConnected = ({ url, publication }: MediaConnection) => {
      const listed = this.#listed(options.room(), publication);
      return listed?.connection === url && listed.media === 'connected';
    };
    this.#handOver = new HandOver({ connections, isConnected, onGone });
  }

  /** Sees to what is due. To be called whenever the room, a transport, the network or `isUp` has changed. */
  look(): void {
    const { room: roomOf, isUp } = this.#options;
    const room = roomOf();
    if (this.#stopped || !room) return;
    if (room.data.epoch !== this.#epoch) this.#begin(room);
    for (const key of this.#attempts.keys()) if (!this.#isKnown(key)) this.#attempts.delete(key);
    const circumstances = this.#circumstances();
    const { now } = circumstances;
    // While there is no media server, or no way to the conference, there is nobody to ask: both changes will be heard of.
    const broken = room.data.media === 'waiting' || !isUp() ? [] : this.#broken(room, circumstances);
    const due = broken.filter((each) => each.due <= now);
    if (due.length > 0) this.#repair(due, circumstances);
    const next = Math.min(this.#handOver.look(), ...broken.map((each) => each.due - now).filter((time) => time > 0));
    clearTimeout(this.#next);
    if (next < Infinity) this.#next = setTimeout(() => this.look(), Math.ceil(next));
  }

  /** Whether a publication is being brought back: what the room says of it in the meantime is not its end. */
  isUnderWay(name: PublicationName): boolean {
    return this.#options.connections.publishing(name).some(({ url }) => this.#attempts.get(url)?.broken !== undefined);
  }

  /** As of the room's `version` the server shows somebody by a connection that is not there. */
  miss(url: string, version: number): void {
    if (version >= this.#epochFrom) this.#ghosts.add(url);
    this.look();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#next);
  }

  /** What is on its way in an earlier epoch is not waited for. */
  #begin({ data: { epoch }, version }: Room): void {
    const { connections, onEpoch } = this.#options;
    const isFirst = this.#epoch === undefined;
    this.#epoch = epoch;
    this.#epochFrom = version;
    this.#endEpoch();
    this.#epochOver = new Promise((resolve) => {
      this.#endEpoch = resolve;
    });
    this.#ghosts.clear();
    connections.follow(epoch);
    if (!isFirst) onEpoch();
  }

  #newTurns(): Turns {
    return new Turns(() => this.look());
  }

  #circumstances(): Circumstances {
    const { connections, networkChanged } = this.#options;
    const relays = namesOf(connections.peers.iceServers);
    return { now: performance.now(), epoch: this.#epoch ?? 0, networkChanged: networkChanged(), relays };
  }

  #isKnown(key: string): boolean {
    return key in this.turns || this.#ghosts.has(key) || this.#options.connections.get(key) !== undefined;
  }

  #listed(room: Room | undefined, name: PublicationName = 'main') {
    return room?.data.participants[this.#options.self]?.publications[name];
  }

  /** What is broken, or will be taken for it. What publishes waits for what else is done to the publication. */
  #broken(room: Room, circumstances: Circumstances): Broken[] {
    const lost = [...this.#ghosts, ...this.#strays(room)].map((key) => ({ key, from: circumstances.now }));
    const broken = this.#options.connections.current.flatMap((connection) => {
      const { url, direction, publication = 'main' } = connection;
      if (direction === 'publish' && !this.turns[publication].isFree) return [];
      const isUseless = this.#isUseless(connection, room);
      const from = this.#attempts.get(url)?.broken ?? brokenFrom(connection, isUseless, circumstances);
      return from === undefined ? [] : [{ key: url, from }];
    });
    return [...broken, ...lost]
      .filter(({ key }) => !this.#underWay.has(key))
      .map((each) => ({ ...each, due: dueAt(each.from, this.#attempts.get(each.key), circumstances) }));
  }

  /** What the room lists though nothing sends it, and nothing is about to; a room that is behind an answer may list what is over. */
  #strays(room: Room): PublicationName[] {
    const { connections } = this.#options;
    if (room.version < connections.answeredAsOf) return [];
    return PUBLICATION_NAMES.filter(
      (name) => this.#listed(room, name) && connections.publishing(name).length === 0 && this.turns[name].isFree,
    );
  }

  /** The room may say that nothing arrives, or know of another of our connections in its place: an offer that came late has won. */
  #isUseless({ url, direction, publication, answeredAt }: MediaConnection, room: Room): boolean {
    const listed = this.#listed(room, publication);
    if (direction !== 'publish' || !listed || answeredAt === undefined) return false;
    return listed.connection === url ? listed.media === 'failed' : room.version >= answeredAt;
  }

  #repair(broken: Broken[], circumstances: Circumstances): void {
    const urls: string[] = [];
    for (const { key, from } of broken) {
      this.#attempts.set(key, begin(from, this.#attempts.get(key), circumstances, Math.random()));
      const stray = PUBLICATION_NAMES.find((name) => name === key);
      if (stray) this.#options.onStray(stray);
      else urls.push(key);
    }
    if (urls.length > 0) this.#replace(urls);
  }

  #replace(urls: string[]): void {
    for (const url of urls) this.#underWay.add(url);
    const offered = this.#offer(urls);
    for (const url of urls) {
      const { direction, publication = 'main' } = this.#options.connections.get(url) ?? {};
      if (direction === 'publish') this.turns[publication].run(() => Promise.race([offered, this.#epochOver]));
    }
  }

  async #offer(urls: string[]): Promise<void> {
    const { connections, room } = this.#options;
    if (urls.some((url) => connections.get(url)?.hasStood === false)) connections.peers.detours = true;
    const codec = room()?.data.options.codec ?? USUAL_CODEC;
    // A page that can make no more connections tries again later.
    const making = urls.map((url) => connections.succeed(url, codec).catch(() => undefined));
    const made = (await Promise.all(making)).filter((connection) => connection !== undefined);
    for (const { url, replaces = '' } of made) {
      const attempt = this.#attempts.get(replaces);
      if (attempt) this.#attempts.set(url, { ...attempt, broken: undefined });
    }
    const frames = inFrames(connections.describe(made, room()?.data.epoch));
    await Promise.all(frames.map((frame) => this.#send(frame)));
    for (const url of urls) this.#underWay.delete(url);
    this.look();
  }

  async #send(frame: Connection[]): Promise<void> {
    const { connections, update } = this.#options;
    const sent = frame.flatMap(({ url }) => connections.get(url) ?? []);
    const failure: unknown = await update({ connections: frame }).then(
      () => undefined,
      (error: unknown) => error,
    );
    for (const connection of sent) {
      const isKept = connections.get(connection.url) !== undefined && failure === undefined;
      if (isKept && (connection.direction === 'receive' || connection.answeredAt !== undefined)) {
        this.#ghosts.delete(connection.replaces ?? '');
      } else {
        this.#fail(connection, failure);
      }
    }
  }

  #fail({ url, replaces = '', publication, direction }: MediaConnection, failure: unknown): void {
    const { connections, onForbidden } = this.#options;
    connections.drop(url);
    const attempt = this.#attempts.get(replaces);
    const retryAfter = retryAfterOf(failure);
    if (attempt) this.#attempts.set(replaces, failed(attempt, performance.now(), Math.random(), retryAfter));
    if (direction === 'publish' && publication && isRefusal(failure, Code.forbidden)) onForbidden(publication);
  }
}
