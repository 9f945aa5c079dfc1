import { type Participant as ParticipantData, type RoomData, SOURCES, type Source } from '@hyperroom/protocol';
import type { ConferenceHyperty } from './conference-hyperty.ts';
import type { Belongings } from './conference-messages.ts';
import type { Emitter } from './emitter.ts';
import { RoomLocalParticipant } from './local-participant.ts';
import type { Participant, WaitingParticipant } from './participant.ts';
import type { Player } from './playback.ts';
import { RoomRemoteParticipant } from './remote-participant.ts';
import type { RoomRemotePublication } from './remote-publication.ts';
import type { Muting, RoomEvents } from './room-events.ts';
import type { Measurements, RoomParticipant } from './room-participant.ts';

export interface PresenceOptions {
  conference: ConferenceHyperty;
  measured: Measurements;
  events: Emitter<RoomEvents>;
  player: Player;
  /** What the local participant joined with. */
  stream: MediaStream | undefined;
  muted: readonly Source[];
}

/** Makes participants, and what is received of them, what the conference knows of them, with an event for each difference. */
export class Presence {
  readonly local: RoomLocalParticipant;
  readonly others = new Map<string, RoomRemoteParticipant>();
  waiting: ReadonlyMap<string, WaitingParticipant>;
  readonly #conference: ConferenceHyperty;
  readonly #measured: Measurements;
  readonly #events: Emitter<RoomEvents>;
  readonly #player: Player;
  /** What listeners know to be muted. */
  readonly #muted = new Map<string, ReadonlyMap<Source, Muting>>();
  #data: RoomData;
  #isOver = false;

  constructor({ conference, measured, events, player, stream, muted }: PresenceOptions) {
    this.#conference = conference;
    this.#measured = measured;
    this.#events = events;
    this.#player = player;
    this.#data = conference.room.data;
    const { own, others } = this.#split();
    if (!own) throw new Error('a room has its local participant');
    this.local = new RoomLocalParticipant({
      conference,
      measured,
      data: own,
      stream,
      muted,
      onAdded: (publication) => this.#tell('publicationAdded', publication, this.local),
      onRemoved: (publication) => this.#tell('publicationRemoved', publication, this.local),
      onMuted: () => this.#tellMuted(this.local),
    });
    this.#muted.set(this.local.id, mutedOf(this.local));
    for (const [id, data] of others) this.#add(id, data).publish();
    this.waiting = waitingOf(this.#data);
    conference.belongings = () => this.#belongings();
    conference.on('rejoined', () => this.#sendAgain());
  }

  /** Whom an id stands for. */
  find(id: string | undefined): Participant | undefined {
    return id === this.local.id ? this.local : this.others.get(id ?? '');
  }

  follow(): void {
    const before = this.#data;
    this.#data = this.#conference.room.data;
    const { own, others } = this.#split();
    if (own) this.#update(this.local, own);
    this.local.follow();
    const present = new Map(others);
    for (const participant of this.others.values()) if (!present.has(participant.id)) this.#remove(participant);
    for (const [id, data] of others) {
      const known = this.others.get(id);
      if (known) this.#update(known, data);
      else this.#tell('participantJoined', this.#add(id, data));
    }
    this.#followPublications();
    this.#followRoom(before);
  }

  /** The room is over: nobody is there any more. */
  clear(): void {
    this.local.close();
    for (const participant of this.others.values()) this.#remove(participant);
    this.waiting = new Map();
    this.#isOver = true;
  }

  /** Whoever hears of one change may leave before the next is told. */
  #tell<Name extends keyof RoomEvents>(name: Name, ...args: RoomEvents[Name]): void {
    if (!this.#isOver) this.#events.emit(name, ...args);
  }

  /** What the local participant takes along into another stay. */
  #belongings(): Belongings {
    const { id, publications, metadata } = this.local;
    const sending = [...publications.values()].map((publication) => publication.sending);
    // Who is blocked says nothing of his own muting, which the room remembers.
    const muted = SOURCES.filter((source) =>
      this.local.isBlocked(source) ? this.#data.participants[id]?.muted.includes(source) : this.local.isMuted(source),
    );
    return { sending, muted, metadata };
  }

  /** The publications go on, each by the connection that was offered for it in the new stay. */
  #sendAgain(): void {
    for (const publication of this.local.publications.values()) {
      const connection = this.#conference.connections.sending(publication.name);
      if (connection) publication.sendThrough(connection);
    }
  }

  #split(): { own: ParticipantData | undefined; others: [string, ParticipantData][] } {
    const { [this.#conference.id]: own, ...others } = this.#data.participants;
    return { own, others: Object.entries(others) };
  }

  #add(id: string, data: ParticipantData): RoomRemoteParticipant {
    const participant = new RoomRemoteParticipant(id, data, {
      measured: this.#measured,
      choices: this.#conference.subscriptions,
      player: this.#player,
      onSubscription: (publication) => this.#tell('subscriptionChanged', publication, participant),
    });
    this.others.set(id, participant);
    this.#muted.set(id, mutedOf(participant));
    return participant;
  }

  #update(participant: RoomParticipant, data: ParticipantData): void {
    const before = participant.update(data);
    if (!before) return;
    this.#tell('participantUpdated', participant);
    this.#tellMuted(participant);
    if (differ(before.metadata, data.metadata)) this.#tell('metadataChanged', participant);
    if (before.role !== data.role) this.#tell('roleChanged', participant);
  }

  #tellMuted(participant: Participant): void {
    const before = this.#muted.get(participant.id) ?? NOTHING;
    const now = mutedOf(participant);
    this.#muted.set(participant.id, now);
    for (const [source, how] of now) if (!before.has(source)) this.#tell('muted', source, participant, how);
    for (const [source, how] of before) if (!now.has(source)) this.#tell('unmuted', source, participant, how);
  }

  /** What ends comes first, for a track may pass from one publication to another. */
  #followPublications(): void {
    const all = [...this.others.values()];
    for (const participant of all) {
      for (const publication of participant.ended) this.#unpublish(participant, publication);
      for (const publication of participant.publications.values()) {
        this.#dropTracks(participant, publication, this.#received(participant, publication));
      }
    }
    for (const participant of all) {
      for (const added of participant.publish()) this.#tell('publicationAdded', added, participant);
      for (const publication of participant.publications.values()) {
        for (const track of publication.addTracks(this.#received(participant, publication))) {
          this.#tell('trackAdded', track, participant, publication);
        }
        publication.look();
      }
    }
  }

  #received({ hypertyUrl }: Participant, { name }: RoomRemotePublication): readonly MediaStreamTrack[] {
    return this.#conference.connections.showing(hypertyUrl, name)?.tracks ?? [];
  }

  #dropTracks(of: RoomRemoteParticipant, publication: RoomRemotePublication, received: readonly MediaStreamTrack[]) {
    for (const track of publication.dropTracks(received)) this.#tell('trackRemoved', track, of, publication);
  }

  #unpublish(participant: RoomRemoteParticipant, publication: RoomRemotePublication): void {
    this.#dropTracks(participant, publication, []);
    participant.unpublish(publication);
    this.#tell('publicationRemoved', publication, participant);
  }

  #remove(participant: RoomRemoteParticipant): void {
    for (const publication of participant.publications.values()) this.#unpublish(participant, publication);
    participant.leave();
    this.others.delete(participant.id);
    this.#muted.delete(participant.id);
    this.#tell('participantLeft', participant);
  }

  #followRoom(before: RoomData): void {
    const { options, metadata, waiting } = this.#data;
    if (differ([before.options, before.metadata], [options, metadata])) this.#tell('roomChanged');
    if (!differ(before.waiting, waiting)) return;
    this.waiting = waitingOf(this.#data);
    this.#tell('waitingChanged');
  }
}

const NOTHING: ReadonlyMap<Source, Muting> = new Map();

function mutedOf(participant: Participant): ReadonlyMap<Source, Muting> {
  const muted = SOURCES.filter((source) => participant.isMuted(source));
  return new Map(muted.map((source) => [source, { by: participant.isBlocked(source) ? 'moderator' : 'self' }]));
}

const differ = (one: unknown, other: unknown) => JSON.stringify(one) !== JSON.stringify(other);

function waitingOf({ waiting }: RoomData): Map<string, WaitingParticipant> {
  return new Map(
    Object.entries(waiting).map(([id, { hypertyURL, identity, since }]) => [
      id,
      { id, hypertyUrl: hypertyURL, ...identity, since: new Date(since) },
    ]),
  );
}
