import {
  MEDIA_KINDS,
  type MediaKind,
  type MediaState,
  type PublicationName,
  type Source,
  sourceOf,
} from '@hyperroom/protocol';
import { type ConnectionController, inUseOf } from './connection-controller.ts';
import type { MediaConnection } from './media-connection.ts';
import { kindOf } from './muting.ts';
import type { LocalPublication } from './participant.ts';
import type { Sending } from './peer-connections.ts';

export interface LocalPublicationOptions {
  name: PublicationName;
  /** What shows it locally: its tracks are those that are sent. */
  stream: MediaStream;
  /** What it is sent by: one of these, or for a while two. */
  connections: ConnectionController;
  /** How it fares, as the room says. */
  media: () => MediaState;
  /** Hears that the browser has ended the picture. */
  onEnded: () => void;
}

/** What this page sends under one name, whatever connections it goes through at the moment. */
export class RoomLocalPublication implements LocalPublication {
  readonly name: PublicationName;
  readonly stream: MediaStream;
  readonly #media: () => MediaState;
  readonly #onEnded: () => void;
  readonly #connections: ConnectionController;
  #kinds: readonly MediaKind[] = [];
  #maxBitrate = Infinity;
  /** The newest connection that the room has shown. */
  #listed: string | undefined;

  constructor({ name, stream, connections, media, onEnded }: LocalPublicationOptions) {
    this.name = name;
    this.stream = stream;
    this.#connections = connections;
    this.#media = media;
    this.#onEnded = onEnded;
  }

  get sources(): readonly Source[] {
    return [...new Set(this.#kinds.map((kind) => sourceOf(this.name, kind)))];
  }
  get media(): MediaState {
    return this.#media();
  }
  get tracks(): readonly MediaStreamTrack[] {
    return this.stream.getTracks();
  }
  get senders(): readonly RTCRtpSender[] {
    const connection = inUseOf(this.#connections.publishing(this.name));
    return this.#kinds.flatMap((kind) => connection?.sender(kind) ?? []);
  }

  /** What it would be sent by again: a kind that has no track at the moment may get one. */
  get sending(): Sending {
    return { publication: this.name, stream: this.stream, kinds: this.#kinds };
  }

  /** From now on it is what `connection` sends, with video of at most that many kbit/s: those that replace it send the same. */
  sendThrough(connection: MediaConnection, maxBitrate = this.#maxBitrate): void {
    this.#maxBitrate = maxBitrate;
    this.#kinds = MEDIA_KINDS.filter((kind) => connection.sender(kind));
    this.#show(this.#kinds.flatMap((kind) => connection.sender(kind)?.track ?? []));
    // The media server asks for no more than that, either.
    connection.limit(maxBitrate).catch(() => {});
  }

  /** Sends another track of a source, or none; false if the source is not published. */
  async replaceTrack(source: Source, track: MediaStreamTrack | null): Promise<boolean> {
    const kind = MEDIA_KINDS.find(
      (kind) => sourceOf(this.name, kind) === source && (source !== 'screen' || kind === (track?.kind ?? 'video')),
    );
    const connections = this.#connections.publishing(this.name);
    const senders = connections.flatMap((connection) => (kind && connection.sender(kind)) ?? []);
    if (senders.length === 0) return false;
    await Promise.all(senders.map((sender) => sender.replaceTrack(track)));
    this.#show([...this.tracks.filter((each) => each.kind !== kind), ...(track ? [track] : [])]);
    return true;
  }

  /** Sends what comes from these sources, or silence and black pictures. */
  enable(sources: readonly Source[], enabled: boolean): void {
    for (const track of this.tracks) {
      if (sources.includes(sourceOf(this.name, kindOf(track)))) track.enabled = enabled;
    }
  }

  /** Whether the room listed its connection and does so no longer: the server has ended it. */
  isEnded(listed: string | undefined): boolean {
    const connection = this.#connections.sending(this.name);
    if (connection && listed === connection.url) this.#listed = listed;
    return !listed && (!connection || connection.url === this.#listed);
  }

  /** It is published no longer. */
  end(): void {
    this.#show([]);
  }

  #show(tracks: readonly MediaStreamTrack[]): void {
    for (const track of this.tracks.filter((track) => !tracks.includes(track))) {
      track.removeEventListener('ended', this.#ended);
      this.stream.removeTrack(track);
    }
    for (const track of tracks.filter((track) => !this.tracks.includes(track))) {
      track.addEventListener('ended', this.#ended);
      this.stream.addTrack(track);
    }
  }

  readonly #ended = ({ target }: Event) => {
    if (this.tracks.some((track) => track === target && track.kind === 'video')) this.#onEnded();
  };
}
