import { idOf } from '@hyperroom/protocol';
import type { CloseReason, ConferenceHyperty } from './conference-hyperty.ts';
import { Emitter } from './emitter.ts';
import { type Participant, RoomParticipant } from './participant.ts';

/** `disconnected`: the signalling connection is lost; `closed`: no longer in the room, for good. */
export type RoomState = 'connected' | 'disconnected' | 'closed';

/** Events of a room, with the arguments of their listeners. Those in the room before the join are in `participants` without an event. */
export interface RoomEvents {
  participantJoined: [participant: Participant];
  participantLeft: [participant: Participant];
  /** Its name, status or media state changed; the local participant's too. */
  participantUpdated: [participant: Participant];
  /** A track of a participant can be played. */
  trackAdded: [track: MediaStreamTrack, participant: Participant];
  trackRemoved: [track: MediaStreamTrack, participant: Participant];
  stateChanged: [state: RoomState];
  /** The last event of a room. */
  closed: [reason: CloseReason];
}

/** A room that this page is in. */
export class Room implements AsyncDisposable {
  /** The room's id, as given to `join`. */
  readonly id: string;
  readonly localParticipant: Participant;
  readonly #events = new Emitter<RoomEvents>();
  readonly #conference: ConferenceHyperty;
  readonly #local: RoomParticipant;
  readonly #participants = new Map<string, RoomParticipant>();
  #state: RoomState = 'connected';

  /** Use `Hyperroom.join`. */
  constructor(conference: ConferenceHyperty, stream: MediaStream | undefined) {
    this.id = idOf(conference.roomUrl);
    this.#conference = conference;
    const { [conference.id]: own, ...others } = conference.room.data.participants;
    if (!own) throw new Error('a room has its local participant');
    this.#local = new RoomParticipant(conference.id, own, stream);
    this.localParticipant = this.#local;
    for (const [id, data] of Object.entries(others)) this.#participants.set(id, new RoomParticipant(id, data));
    conference.on('closed', (reason) => this.#close(reason));
    // Whoever awaits the join gets to listen before the first event.
    setTimeout(() => {
      conference.on('changed', () => this.#follow());
      this.#follow();
    });
  }

  /** The others in the room, by their id. */
  get participants(): ReadonlyMap<string, Participant> {
    return this.#participants;
  }

  get state(): RoomState {
    return this.#state;
  }

  /** Listens to an event until the returned function is called. */
  on<Name extends keyof RoomEvents>(name: Name, listener: (...args: RoomEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Leaves the room. Resolves when the server has taken note, within 2 seconds; rejects never. */
  async leave(): Promise<void> {
    await this.#conference.leave();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }

  /** Makes participants and their tracks what the conference knows of them, with an event for each difference. */
  #follow(): void {
    if (this.#state === 'closed') return;
    const { [this.localParticipant.id]: own, ...others } = this.#conference.room.data.participants;
    if (own && this.#local.update(own)) this.#events.emit('participantUpdated', this.#local);
    for (const participant of this.#participants.values()) {
      if (!Object.hasOwn(others, participant.id)) this.#remove(participant);
    }
    for (const [id, data] of Object.entries(others)) {
      const known = this.#participants.get(id);
      const participant = known ?? new RoomParticipant(id, data);
      this.#participants.set(id, participant);
      if (!known) this.#events.emit('participantJoined', participant);
      else if (known.update(data)) this.#events.emit('participantUpdated', known);
      this.#setTracks(participant, this.#conference.connections.tracksOf(data.hypertyURL));
    }
  }

  #setTracks(participant: RoomParticipant, received: MediaStreamTrack[]): void {
    const tracks = participant.published(received);
    for (const track of participant.tracks.filter((track) => !tracks.includes(track))) {
      participant.stream.removeTrack(track);
      this.#events.emit('trackRemoved', track, participant);
    }
    for (const track of tracks.filter((track) => !participant.tracks.includes(track))) {
      participant.stream.addTrack(track);
      this.#events.emit('trackAdded', track, participant);
    }
  }

  #remove(participant: RoomParticipant): void {
    this.#setTracks(participant, []);
    this.#participants.delete(participant.id);
    this.#events.emit('participantLeft', participant);
  }

  #close(reason: CloseReason): void {
    if (reason === 'connection-lost') this.#setState('disconnected');
    for (const participant of this.#participants.values()) this.#remove(participant);
    this.#setState('closed');
    this.#events.emit('closed', reason);
  }

  #setState(state: RoomState): void {
    this.#state = state;
    this.#events.emit('stateChanged', state);
  }
}
