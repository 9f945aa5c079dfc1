import { type MediaKind, type MediaState, type PublicationName, type Source, sourceOf } from '@hyperroom/protocol';
import type { MediaConnection } from './media-connection.ts';
import type { LocalPublication } from './participant.ts';

const KINDS = ['audio', 'video'] as const;

export interface LocalPublicationOptions {
  name: PublicationName;
  /** What shows it locally: its tracks are those that are sent. */
  stream: MediaStream;
  /** How it fares, as the room says. */
  media: () => MediaState;
  /** Hears that the browser has ended the picture. */
  onEnded: () => void;
}

/** What this page sends under one name, whatever connection it goes through at the moment. */
export class RoomLocalPublication implements LocalPublication {
  readonly name: PublicationName;
  readonly stream: MediaStream;
  readonly #media: () => MediaState;
  readonly #onEnded: () => void;
  #connection: MediaConnection | undefined;
  #kinds: readonly MediaKind[] = [];
  /** Whether the room has shown the connection. */
  #isListed = false;

  constructor({ name, stream, media, onEnded }: LocalPublicationOptions) {
    this.name = name;
    this.stream = stream;
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
    return this.#kinds.flatMap((kind) => this.#connection?.sender(kind) ?? []);
  }

  /** Its connection's address, while it has one. */
  get url(): string | undefined {
    return this.#connection?.url;
  }

  /** From now on it is sent through `connection`. */
  sendThrough(connection: MediaConnection, stream: MediaStream): void {
    const tracks = publishedTracks(stream);
    this.#connection = connection;
    this.#isListed = false;
    this.#show(tracks);
    this.#kinds = KINDS.filter((kind) => tracks.some((track) => track.kind === kind));
  }

  /** Sends another track of a source, or none; false if the source is not published. */
  async replaceTrack(source: Source, track: MediaStreamTrack | null): Promise<boolean> {
    const kind = KINDS.find(
      (kind) => sourceOf(this.name, kind) === source && (source !== 'screen' || kind === (track?.kind ?? 'video')),
    );
    const sender = kind && this.#connection?.sender(kind);
    if (!sender) return false;
    await sender.replaceTrack(track);
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
    this.#isListed ||= listed === this.url;
    return this.#isListed && listed !== this.url;
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

/** Has the tracks of a stream that is to be published be silent and black as far as their sources are muted. */
export function disable(name: PublicationName, stream: MediaStream, muted: readonly Source[]): void {
  for (const track of publishedTracks(stream)) {
    if (muted.includes(sourceOf(name, kindOf(track)))) track.enabled = false;
  }
}

const kindOf = (track: MediaStreamTrack): MediaKind => (track.kind === 'audio' ? 'audio' : 'video');

/** What of a stream is published: its first track of each kind. */
function publishedTracks(stream: MediaStream): MediaStreamTrack[] {
  return KINDS.flatMap((kind) => stream.getTracks().find((track) => track.kind === kind) ?? []);
}
