import type { MetadataChanges, Participant as ParticipantData, PublicationName, Source } from '@hyperroom/protocol';
import type { ConferenceHyperty } from './conference-hyperty.ts';
import { HyperroomError, isPassing } from './errors.ts';
import { RoomLocalPublication } from './local-publication.ts';
import type { MediaConnection } from './media-connection.ts';
import { disable } from './muting.ts';
import type { LocalParticipant, LocalPublication, PublishOptions } from './participant.ts';
import type { Sending } from './peer-connections.ts';
import { pauseAfter } from './repair/plan.ts';
import { Turns } from './repair/turns.ts';
import { type Measurements, RoomParticipant } from './room-participant.ts';

/** Milliseconds that offers are made again for, while nothing but a passing reason keeps them from being answered. */
const PASSING = 15_000;

export interface LocalParticipantOptions {
  conference: ConferenceHyperty;
  data: ParticipantData;
  measured: Measurements;
  /** What it joined with. */
  stream: MediaStream | undefined;
  muted: readonly Source[];
  /** Hears of publications that begin and end, however they do. */
  onAdded: (publication: LocalPublication) => void;
  onRemoved: (publication: LocalPublication) => void;
  /** Hears that `isMuted` may say something else. */
  onMuted: () => void;
}

/** This page's own participant: what it publishes and says of itself. */
export class RoomLocalParticipant extends RoomParticipant implements LocalParticipant {
  readonly #options: LocalParticipantOptions;
  readonly #conference: ConferenceHyperty;
  readonly #publications = new Map<PublicationName, RoomLocalPublication>();
  /** What it wants to be muted: the server may yet have to be told. */
  #muted: readonly Source[];
  /** The server takes the messages of one participant in any order: what it says of itself waits for what it has said before. */
  readonly #turns = new Turns();
  readonly #publishing = new Set<PublicationName>();
  #closed = false;

  constructor(options: LocalParticipantOptions) {
    const { conference, data, measured, stream, muted } = options;
    super(conference.id, data, measured);
    this.#options = options;
    this.#conference = conference;
    this.#muted = [...new Set(muted)];
    conference.on('forbidden', (name) => this.unpublish(name).catch(() => {}));
    // If this fails, it is soon tried again.
    conference.on('stray', (name) => this.#putRight(name).catch(() => {}));
    const connection = conference.connections.sending('main');
    if (stream && connection) this.#begin('main', connection);
  }

  override get publications(): ReadonlyMap<PublicationName, RoomLocalPublication> {
    return this.#publications;
  }

  /** By its own account, which others may be a moment behind. */
  override isMuted(source: Source): boolean {
    return this.#muted.includes(source) || this.isBlocked(source);
  }

  publish(stream: MediaStream, { as = 'main', maxBitrate }: PublishOptions = {}): Promise<LocalPublication> {
    return this.#conference.repairs.turns[as].run(async () => {
      if (stream.getTracks().length === 0) throw new HyperroomError('bad-request', 'a stream without tracks');
      disable(as, stream, this.#muted);
      this.#publishing.add(as);
      try {
        return this.#begin(as, await this.#offer({ publication: as, stream }), maxBitrate);
      } finally {
        this.#publishing.delete(as);
        this.follow();
      }
    });
  }

  unpublish(name: PublicationName): Promise<void> {
    return this.#conference.repairs.turns[name].run(async () => {
      if (!this.#publications.has(name)) return;
      // In the other order the media server would first report a failure to everyone.
      await this.#conference.update({ unpublish: [name] });
      this.#end(name);
    });
  }

  async replaceTrack(source: Source, track: MediaStreamTrack | null): Promise<void> {
    if (track && this.#muted.includes(source)) track.enabled = false;
    const publication = this.#publications.get(source === 'screen' ? 'screen' : 'main');
    if (await publication?.replaceTrack(source, track)) return;
    throw new HyperroomError('not-found', `no ${track?.kind ?? 'media'} of the ${source} are published`);
  }

  mute(...sources: readonly Source[]): Promise<void> {
    this.#setMuted(sources, true);
    return this.#turns.run(async () => {
      // Again: an earlier `unmute` may just have come to its end.
      this.#setMuted(sources, true);
      await this.#conference.update({ muted: [...this.#muted] });
    });
  }

  unmute(...sources: readonly Source[]): Promise<void> {
    return this.#turns.run(async () => {
      const blocked = sources.find((source) => this.isBlocked(source));
      if (blocked) throw new HyperroomError('forbidden', `a moderator has muted the ${blocked}`);
      await this.#conference.update({ muted: this.#muted.filter((source) => !sources.includes(source)) });
      this.#setMuted(sources, false);
    });
  }

  setMetadata(changes: MetadataChanges): Promise<void> {
    return this.#turns.run(async () => {
      await this.#conference.update({ metadata: changes });
    });
  }

  /** Ends what the room says is published no longer. */
  follow(): void {
    const { repairs } = this.#conference;
    for (const [name, publication] of this.#publications) {
      if (this.#publishing.has(name) || repairs.isUnderWay(name)) continue;
      if (publication.isEnded(this.data.publications[name]?.connection)) this.#end(name);
    }
  }

  /** The room is over. Connections close with the conference, which takes leave first. */
  close(): void {
    this.#closed = true;
    for (const publication of this.#publications.values()) this.#forget(publication);
  }

  /** The room lists what is not sent. It is sent again if it is to be, and otherwise listed no longer. */
  #putRight(name: PublicationName): Promise<void> {
    return this.#conference.repairs.turns[name].run(async () => {
      const publication = this.#publications.get(name);
      if (publication) publication.sendThrough(await this.#offer(publication.sending));
      else await this.#conference.update({ unpublish: [name] });
    });
  }

  /** What passes is waited for, as long as an answer is. */
  async #offer(sending: Sending): Promise<MediaConnection> {
    const until = performance.now() + PASSING;
    for (let count = 1; ; count += 1) {
      try {
        return await this.#offerOnce(sending);
      } catch (error) {
        const delay = pauseAfter(count, error);
        if (this.#closed || !isPassing(error) || performance.now() + delay > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
    }
  }

  async #offerOnce(sending: Sending): Promise<MediaConnection> {
    const { connections, room } = this.#conference;
    const [connection] = await connections.prepare(0, room.data.options.codec, sending);
    if (!connection) throw new HyperroomError('connection-lost', 'no longer in the room');
    try {
      const { connections: answers } = await this.#conference.update({
        connections: connections.describe([connection], room.data.epoch),
      });
      const answer = answers.find(({ url }) => url === connection.url);
      if (answer?.connectionDescription) return connection;
      throw new HyperroomError('server-error', answer?.error ?? 'the media server has not answered');
    } catch (error) {
      connections.drop(connection.url);
      throw error;
    }
  }

  /** From now on that is sent, instead of what was sent by that name before: until it arrives, both are. */
  #begin(name: PublicationName, connection: MediaConnection, maxBitrate = Infinity): LocalPublication {
    const before = this.#publications.get(name);
    const publication = before ?? this.#newPublication(name);
    publication.sendThrough(connection, Math.min(maxBitrate, this.#conference.room.data.options.maxBitrate));
    if (!before) this.#options.onAdded(publication);
    return publication;
  }

  #newPublication(name: PublicationName): RoomLocalPublication {
    const publication = new RoomLocalPublication({
      name,
      stream: name === 'main' ? this.stream : new MediaStream(),
      connections: this.#conference.connections,
      media: () => this.data.publications[name]?.media ?? 'connecting',
      onEnded: () => name === 'screen' && this.unpublish(name).catch(() => {}),
    });
    this.#publications.set(name, publication);
    return publication;
  }

  #end(name: PublicationName): void {
    const publication = this.#publications.get(name);
    if (!publication) return;
    this.#conference.connections.unpublish(name);
    this.#forget(publication);
  }

  #forget(publication: RoomLocalPublication): void {
    this.#publications.delete(publication.name);
    publication.end();
    this.#options.onRemoved(publication);
  }

  #setMuted(sources: readonly Source[], muted: boolean): void {
    const others = this.#muted.filter((source) => !sources.includes(source));
    this.#muted = muted ? [...others, ...new Set(sources)] : others;
    for (const publication of this.#publications.values()) publication.enable(sources, !muted);
    this.#options.onMuted();
  }
}
