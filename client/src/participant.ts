import type { MediaState, Participant as ParticipantData } from '@hyperroom/protocol';

/** Somebody in a room. Its properties follow the room while it is joined. */
export interface Participant {
  /** Unique in the room: the last segment of `hypertyUrl`. */
  readonly id: string;
  readonly hypertyUrl: string;
  /** The name it joined with. */
  readonly name: string;
  /** `disconnected`: its connection is lost, and it may yet come back. */
  readonly status: 'live' | 'disconnected';
  /** Whether what it publishes has reached the media server; `none` if it only receives. */
  readonly media: MediaState;
  /** What is received of it at the moment (its own, for the local participant). */
  readonly tracks: readonly MediaStreamTrack[];
  /** The same tracks, for `video.srcObject`: the same object as long as the participant stays. */
  readonly stream: MediaStream;
}

/** A participant as the room writes it. */
export class RoomParticipant implements Participant {
  readonly id: string;
  readonly stream: MediaStream;
  #data: ParticipantData;

  constructor(id: string, data: ParticipantData, stream = new MediaStream()) {
    this.id = id;
    this.stream = stream;
    this.#data = data;
  }

  get hypertyUrl(): string {
    return this.#data.hypertyURL;
  }
  get name(): string {
    return this.#data.identity.name;
  }
  get status(): ParticipantData['status'] {
    return this.#data.status;
  }
  get media(): MediaState {
    return this.#data.media;
  }
  get tracks(): readonly MediaStreamTrack[] {
    return this.stream.getTracks();
  }

  /** Takes what the room says of it; false if that is nothing new. */
  update(data: ParticipantData): boolean {
    const isNew = JSON.stringify(data) !== JSON.stringify(this.#data);
    this.#data = data;
    return isNew;
  }

  /** Those of the tracks that it publishes: a receiving connection has one of each kind, whether or not anything comes. */
  published(tracks: readonly MediaStreamTrack[]): MediaStreamTrack[] {
    return tracks.filter((track) => this.#data.resources.some((kind) => kind === track.kind));
  }
}
