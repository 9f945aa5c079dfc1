import {
  type MediaKind,
  type MediaState,
  type Publication as PublicationData,
  type PublicationName,
  type Source,
  sourceOf,
} from '@hyperroom/protocol';
import { watchVisibility } from './insight/visibility.ts';
import type { RemotePublication } from './participant.ts';
import type { Player } from './playback.ts';
import type { SubscriptionChoices } from './subscriptions.ts';

/** What somebody else sends, as the room writes it and connections show it. */
export class RoomRemotePublication implements RemotePublication {
  readonly name: PublicationName;
  readonly stream: MediaStream;
  readonly #participant: string;
  readonly #choices: SubscriptionChoices;
  readonly #player: Player;
  readonly #onChanged: () => void;
  /** Kinds that the application has paused. */
  readonly #paused = new Set<MediaKind>();
  /** Elements that it is attached to, and whether they can be seen. */
  readonly #attached = new Map<object, boolean>();
  #data: PublicationData;
  #isShown = false;
  #ended = false;
  /** How it was received when that was last told. */
  #told: string;

  constructor(of: RemotePublicationOptions) {
    this.name = of.name;
    this.stream = of.stream;
    this.#participant = of.participant;
    this.#choices = of.choices;
    this.#player = of.player;
    this.#onChanged = of.onChanged;
    this.#data = of.data;
    // What was paused of an earlier one of the same name is not of this one.
    this.#told = this.#received;
    this.#choose();
  }

  get sources(): readonly Source[] {
    return this.#data.sources;
  }
  get media(): MediaState {
    return this.#data.media;
  }
  get tracks(): readonly MediaStreamTrack[] {
    return this.stream.getTracks();
  }

  get isSubscribed(): boolean {
    return this.#choices.isSubscribed(this.#participant, this.name);
  }

  get isShown(): boolean {
    return this.#isShown;
  }

  get paused(): readonly MediaKind[] {
    return [...this.#paused].sort();
  }

  get isSeen(): boolean {
    return this.#attached.size === 0 || [...this.#attached.values()].includes(true);
  }

  subscribe(): void {
    this.#subscribe(true);
  }

  unsubscribe(): void {
    this.#subscribe(false);
  }

  pause(...kinds: readonly MediaKind[]): void {
    for (const kind of orBoth(kinds)) this.#paused.add(kind);
    this.#choose();
  }

  resume(...kinds: readonly MediaKind[]): void {
    for (const kind of orBoth(kinds)) this.#paused.delete(kind);
    this.#choose();
  }

  attach(element: HTMLVideoElement): () => void {
    element.srcObject = this.stream;
    // An iPhone would play it in a player of its own.
    element.playsInline = true;
    const attachment = {};
    const release = this.#player.play(element);
    const stop = watchVisibility(element, (visible) => {
      this.#attached.set(attachment, visible);
      this.#choose();
    });
    return () => {
      stop();
      release();
      if (element.srcObject === this.stream) element.srcObject = null;
      if (this.#attached.delete(attachment)) this.#choose();
    };
  }

  /** What the room says of it; it keeps what was said last when it ends. */
  follow(data: PublicationData | undefined): void {
    if (data) this.#data = data;
  }

  /** Takes what is received of it off the stream where it has ended; returns that. */
  dropTracks(received: readonly MediaStreamTrack[]): MediaStreamTrack[] {
    const current = this.#published(received);
    this.#isShown = received.length > 0;
    const gone = this.tracks.filter((track) => !current.includes(track));
    for (const track of gone) this.stream.removeTrack(track);
    return gone;
  }

  /** Puts what is received of it on the stream; returns what is new. */
  addTracks(received: readonly MediaStreamTrack[]): MediaStreamTrack[] {
    this.#isShown = received.length > 0;
    const added = this.#published(received).filter((track) => !this.tracks.includes(track));
    for (const track of added) this.stream.addTrack(track);
    return added;
  }

  /** It is published no longer: what is done to it from here on has no effect. */
  end(): void {
    this.#ended = true;
  }

  /** A connection has a track of each kind, whether or not anything comes. */
  #published(received: readonly MediaStreamTrack[]): MediaStreamTrack[] {
    return received.filter(({ kind }) =>
      this.sources.includes(sourceOf(this.name, kind === 'audio' ? 'audio' : 'video')),
    );
  }

  /** Tells whether it is received in another way than before. */
  look(): void {
    const received = this.#received;
    if (this.#ended || received === this.#told) return;
    this.#told = received;
    this.#onChanged();
  }

  get #received(): string {
    return JSON.stringify([this.isSubscribed, this.isShown, this.paused, this.isSeen]);
  }

  #subscribe(subscribed: boolean): void {
    if (this.#ended) return;
    this.#choices.choose(this.#participant, this.name, { subscribed });
    this.look();
  }

  #choose(): void {
    if (this.#ended) return;
    const held = new Set<MediaKind>([...this.#paused, ...(this.isSeen ? [] : (['video'] as const))]);
    this.#choices.choose(this.#participant, this.name, { paused: [...held].sort() });
    this.look();
  }
}

export interface RemotePublicationOptions {
  name: PublicationName;
  /** The id of whose it is. */
  participant: string;
  data: PublicationData;
  stream: MediaStream;
  choices: SubscriptionChoices;
  player: Player;
  /** Hears that `isSubscribed`, `isShown`, `paused` or `isSeen` says something else. */
  onChanged: () => void;
}

const orBoth = (kinds: readonly MediaKind[]): readonly MediaKind[] => (kinds.length > 0 ? kinds : ['audio', 'video']);
