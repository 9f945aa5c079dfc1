import type { Metadata, Participant as ParticipantData, PublicationName, Role, Source } from '@hyperroom/protocol';
import type { Quality } from './insight/quality.ts';
import type { Participant, Publication } from './participant.ts';

/** What is measured of participants, by their id. */
export interface Measurements {
  isSpeaking(id: string): boolean;
  levelOf(id: string): number;
  qualityOf(id: string): Quality;
}

/** A participant as the room writes it. */
export abstract class RoomParticipant implements Participant {
  readonly id: string;
  readonly stream = new MediaStream();
  readonly #measured: Measurements;
  #data: ParticipantData;

  constructor(id: string, data: ParticipantData, measured: Measurements) {
    this.id = id;
    this.#data = data;
    this.#measured = measured;
  }

  abstract get publications(): ReadonlyMap<PublicationName, Publication>;

  get hypertyUrl(): string {
    return this.#data.hypertyURL;
  }
  get name(): string {
    return this.#data.identity.name;
  }
  get user(): string {
    return this.#data.identity.user;
  }
  get role(): Role {
    return this.#data.role;
  }
  get status(): ParticipantData['status'] {
    return this.#data.status;
  }
  get metadata(): Metadata {
    return this.#data.metadata;
  }
  get joined(): Date {
    return new Date(this.#data.joined);
  }
  get isSpeaking(): boolean {
    return this.#measured.isSpeaking(this.id);
  }
  get audioLevel(): number {
    return this.#measured.levelOf(this.id);
  }
  get quality(): Quality {
    return this.#measured.qualityOf(this.id);
  }
  get tracks(): readonly MediaStreamTrack[] {
    return this.stream.getTracks();
  }

  isMuted(source: Source): boolean {
    return this.#data.muted.includes(source) || this.#data.blocked.includes(source);
  }

  isBlocked(source: Source): boolean {
    return this.#data.blocked.includes(source);
  }

  /** What the room says of it. */
  protected get data(): ParticipantData {
    return this.#data;
  }

  /** Takes what the room says of it; returns what it said before, or undefined if that is nothing new. */
  update(data: ParticipantData): ParticipantData | undefined {
    const before = this.#data;
    this.#data = data;
    return JSON.stringify(data) === JSON.stringify(before) ? undefined : before;
  }
}
