import { codecsOf, publishingOf, sourcesPublishedBy } from '@hyperroom/functions/src/conference/offers.ts';
import { type Member, type RoomState, roomObject } from '@hyperroom/functions/src/conference/room-state.ts';
import { apply } from '@hyperroom/functions/src/conference/rules/apply.ts';
import type { RoomEvent } from '@hyperroom/functions/src/conference/rules/events.ts';
import { entryOf, type Outcome } from '@hyperroom/functions/src/conference/rules/outcome.ts';
import { requireGrant, requireUnexpired, type Session } from '@hyperroom/functions/src/messaging-node/session.ts';
import {
  Code,
  type ConnectionAnswer,
  type DomainAddresses,
  expectBody,
  idOf,
  JoinBody,
  type Message,
  ModerationBody,
  Refusal,
  ResumeBody,
  RoomBody,
  response,
  UpdateBody,
} from '@hyperroom/protocol';
import { RoomData } from './data.ts';
import { RoomMedia } from './media.ts';
import type { FakePeerConnection, Subject } from './peer-connection.ts';
import { type Post, Telling } from './telling.ts';

/** Seconds after which somebody who waits for a media server asks again. */
const SOON = 0.02;

export interface ConferenceOptions {
  readonly addresses: DomainAddresses;
  readonly post: Post;
  readonly findPeer: (name: string) => FakePeerConnection | undefined;
}

type Timer = ReturnType<typeof setTimeout>;

/** The server conference hyperty, by the rules of the real one, with all it knows in memory. */
export class Conference {
  readonly #options: ConferenceOptions;
  readonly #rooms = new Map<string, RoomState>();
  readonly #media = new Map<string, RoomMedia>();
  readonly #data: RoomData;
  readonly #telling: Telling;
  /** Until those who lost their sockets are taken for gone. */
  readonly #graces = new Set<Timer>();
  #node: string;

  constructor(options: ConferenceOptions) {
    this.#options = options;
    this.#node = options.addresses.hyperty('media-node');
    this.#telling = new Telling(options.addresses, options.post);
    this.#data = new RoomData((member, messages) => options.post(member.connectionId, messages));
  }

  room(url: string): RoomState | undefined {
    return this.#rooms.get(url);
  }

  get rooms(): readonly RoomState[] {
    return [...this.#rooms.values()];
  }

  handle(message: Message, session: Session): Message | undefined {
    switch (message.type) {
      case 'create':
        return this.#join(message, session);
      case 'update':
        return this.#update(message, session);
      case 're-open':
        return this.#resume(message, session);
      case 'execute':
        return this.#moderate(message, session);
      case 'delete':
        return this.#leave(message, session);
      case 'response':
        return undefined;
      default:
        throw new Refusal(Code.badRequest, `the conference does not know '${message.type}'`);
    }
  }

  /** Chat and data: what is sent to the children of a room. */
  children(message: Message, session: Session, room: RoomState): Message | undefined {
    return this.#data.answer(message, session, room);
  }

  /** Lets a connection hear of a room's changes, or no longer. */
  observe(url: string, connectionId: string, observes: boolean): void {
    const room = this.#rooms.get(url);
    if (!room) return;
    const others = room.observers.filter((each) => each !== connectionId);
    this.#rooms.set(url, { ...room, observers: observes ? [...others, connectionId] : others });
  }

  /** A socket is gone. */
  vanish(connectionId: string): void {
    for (const room of this.rooms) {
      const all = [...Object.entries(room.members), ...Object.entries(room.waiting)];
      for (const [id] of all.filter(([, entry]) => entry.connectionId === connectionId)) {
        this.settle(room.url, { type: 'vanish', id, connectionId });
        this.#giveGrace(room, id);
      }
    }
  }

  /** A publication has reached the media server. */
  arrived({ participant: id, publication }: Subject): void {
    const room = this.rooms.find(({ members }) => entryOf(members, id));
    const member = room && entryOf(room.members, id);
    const connection = member?.publications[publication]?.connection;
    if (!room || !member || connection === undefined) return;
    const { incarnation, epoch, node } = room;
    const stay = { incarnation, epoch, node, admitted: member.admitted };
    this.settle(room.url, { type: 'media', id, stay, publication, connection, media: 'connected' });
  }

  /** From now on there is a media server for rooms, or none. */
  setMedia(isThere: boolean): void {
    this.#node = isThere ? this.#options.addresses.hyperty('media-node') : '';
    for (const { url, incarnation, epoch, node } of this.rooms) {
      this.settle(url, { type: 'move', incarnation, epoch, from: node, node: this.#node });
    }
  }

  /** Carries an event out, and tells everybody concerned. */
  settle(url: string, event: RoomEvent): Outcome {
    const outcome = this.#commit(url, event);
    if (outcome.kind === 'changed') {
      this.#telling.publish(outcome, event);
      this.#sync(outcome.room);
    }
    return outcome;
  }

  close(): void {
    for (const timer of this.#graces) clearTimeout(timer);
    this.#graces.clear();
    this.#rooms.clear();
  }

  #join(message: Message, session: Session): Message {
    const { resource, ...body } = expectBody(JoinBody, message);
    this.#requireAllowed(session, resource, sourcesPublishedBy(body.connections));
    const id = idOf(message.from);
    const { connectionId, opened, user, grants } = session;
    const codecs = codecsOf(body.connections);
    const event: RoomEvent = {
      type: 'join',
      id,
      member: {
        hypertyURL: message.from,
        user,
        name: session.name ?? body.identity.name,
        connectionId,
        opened,
        muted: body.muted,
        metadata: { ...body.metadata, ...session.metadata },
        subscribes: grants.subscribe,
        joined: new Date().toISOString(),
        joinedBy: message.id,
      },
      publishing: publishingOf(body.connections),
      moderates: grants.moderate,
      ...(codecs && { codecs }),
      ...(body.create && grants.create && { options: body.create }),
      incarnation: crypto.randomUUID(),
      node: this.#node,
    };
    const outcome = this.#commit(resource, event);
    if (outcome.kind === 'refused') {
      if (body.create && outcome.code === Code.notFound) requireGrant(session, resource, { create: true });
      if (outcome.code !== Code.noMediaNode) throw refusalOf(outcome);
      throw new Refusal(outcome.code, outcome.description, { starting: true, retryAfter: SOON });
    }
    if (outcome.kind === 'changed') this.#telling.publish(outcome, event);
    const { room } = outcome;
    if (!entryOf(room.members, id)) return response(message, Code.waiting, { waiting: true });
    const connections = this.#offer(room, id, body);
    const value = roomObject(room, this.#options.addresses.conference);
    return response(message, Code.ok, { value, connections });
  }

  #update(message: Message, session: Session): Message {
    const { resource, ...body } = expectBody(UpdateBody, message);
    this.#requireAllowed(session, resource, sourcesPublishedBy(body.connections));
    const id = idOf(message.from);
    const codecs = codecsOf(body.connections);
    const outcome = this.#commit(resource, {
      type: 'self',
      id,
      connectionId: session.connectionId,
      publishing: publishingOf(body.connections),
      unpublish: body.unpublish,
      speaking: body.speaking === true,
      ...(body.muted && { muted: body.muted }),
      ...(body.metadata && { metadata: body.metadata }),
      ...(codecs && { codecs }),
    });
    if (outcome.kind === 'refused') throw refusalOf(outcome);
    if (outcome.kind === 'changed') this.#telling.changes(outcome);
    const { url, version } = outcome.room;
    const connections = this.#offer(outcome.room, id, body);
    return response(message, Code.ok, { resource: url, version, connections });
  }

  #resume(message: Message, { connectionId, opened, user }: Session): Message {
    const { resource } = expectBody(ResumeBody, message);
    const id = idOf(message.from);
    const outcome = this.settle(resource, { type: 'resume', id, connectionId, opened, user });
    if (outcome.kind === 'refused') throw refusalOf(outcome);
    const value = roomObject(outcome.room, this.#options.addresses.conference);
    return response(message, Code.ok, { value, messages: this.#data.missedBy(outcome.room, id) });
  }

  #moderate(message: Message, session: Session): Message {
    const { resource, moderation } = expectBody(ModerationBody, message);
    requireUnexpired(session, Date.now());
    const by = { id: idOf(message.from), connectionId: session.connectionId };
    const outcome = this.settle(resource, { type: 'moderate', by, moderation });
    if (outcome.kind === 'refused') throw refusalOf(outcome);
    return response(message, Code.ok);
  }

  #leave(message: Message, { connectionId, user }: Session): Message {
    const { resource } = expectBody(RoomBody, message);
    const outcome = this.settle(resource, { type: 'leave', id: idOf(message.from), connectionId, user });
    if (outcome.kind === 'refused') throw refusalOf(outcome);
    return response(message, Code.ok);
  }

  #requireAllowed(session: Session, resource: string, publish: ReturnType<typeof sourcesPublishedBy>): void {
    if (!resource.startsWith(this.#options.addresses.room(''))) throw new Refusal(Code.notFound, 'no such room');
    requireUnexpired(session, Date.now());
    requireGrant(session, resource, { publish });
  }

  #commit(url: string, event: RoomEvent): Outcome {
    const outcome = apply(this.#rooms.get(url), event, url, new Date().toISOString());
    if (outcome.kind !== 'changed') return outcome;
    if (outcome.destroyed) this.#forget(outcome.room);
    else this.#rooms.set(url, outcome.room);
    return outcome;
  }

  #forget({ url, incarnation }: RoomState): void {
    this.#rooms.delete(url);
    for (const key of this.#media.keys()) if (key.startsWith(incarnation)) this.#media.delete(key);
    this.#data.forget(incarnation);
  }

  /** What the media server answers to offers and wishes; what follows for the others they are told. */
  #offer(
    room: RoomState,
    id: string,
    { connections, subscriptions }: Pick<UpdateBody, 'connections' | 'subscriptions'>,
  ) {
    const media = this.#mediaOf(room);
    if (!media) return connections.map(({ url }): ConnectionAnswer => ({ url, error: 'there is no media server' }));
    const answers = media.answer(id, connections);
    media.wish(id, subscriptions);
    const shown = this.#sync(room, id);
    const merged = answers.map((answer) => ({ ...answer, ...shown.find(({ url }) => url === answer.url) }));
    return [...merged, ...shown.filter(({ url }) => !answers.some((answer) => answer.url === url))];
  }

  /** Has everybody shown what they should see; returns what is to be told to `asking` with its answer. */
  #sync(room: RoomState, asking?: string): ConnectionAnswer[] {
    const changes = this.#mediaOf(room)?.show(room) ?? new Map<string, ConnectionAnswer[]>();
    for (const [id, connections] of changes) {
      const member = entryOf(room.members, id);
      if (!member || id === asking || connections.length === 0) continue;
      this.#telling.connections(room, member, connections);
    }
    return changes.get(asking ?? '') ?? [];
  }

  /** Undefined: the room has no media server. */
  #mediaOf({ incarnation, epoch, node }: RoomState): RoomMedia | undefined {
    if (!node) return undefined;
    const key = `${incarnation} ${epoch}`;
    const media = this.#media.get(key) ?? new RoomMedia(this.#options.findPeer);
    this.#media.set(key, media);
    return media;
  }

  /** Who lost its socket keeps its place for as long as the room grants. */
  #giveGrace({ url, options }: RoomState, id: string): void {
    const timer = setTimeout(() => {
      this.#graces.delete(timer);
      const room = this.#rooms.get(url);
      const member: Member | undefined = room && entryOf(room.members, id);
      if (!room || !member) return;
      const { incarnation, epoch, node } = room;
      const stay = { incarnation, epoch, node, admitted: member.admitted };
      this.settle(url, { type: 'leave', id, stay, onlyIfDisconnected: true });
    }, options.departureGrace * 1_000);
    this.#graces.add(timer);
  }
}

function refusalOf({ code, description, details }: Extract<Outcome, { kind: 'refused' }>): Refusal {
  return new Refusal(code, description, details);
}
