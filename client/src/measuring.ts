import { idOf, type PublicationName } from '@hyperroom/protocol';
import type { ConferenceHyperty } from './conference-hyperty.ts';
import { receivedLevel, SentLevel } from './insight/level.ts';
import { Qualities, type Quality } from './insight/quality.ts';
import { type LevelSource, Speaking } from './insight/speaking.ts';
import { type RoomStats, roomStats } from './insight/stats.ts';
import type { MediaConnection } from './media-connection.ts';
import type { Measurements } from './room-participant.ts';

export interface MeasuringOptions {
  conference: ConferenceHyperty;
  onSpeakers: (speakers: readonly string[]) => void;
  onQuality: (id: string, quality: Quality) => void;
}

/** Measures the connections of a room: who speaks, and how well media pass. */
export class Measuring implements Measurements {
  readonly #conference: ConferenceHyperty;
  readonly #sentLevel = new SentLevel();
  readonly #speaking: Speaking;
  readonly #qualities: Qualities;

  constructor({ conference, onSpeakers, onQuality }: MeasuringOptions) {
    this.#conference = conference;
    this.#speaking = new Speaking({ sources: () => this.#sources(), onChange: onSpeakers });
    this.#qualities = new Qualities({ reports: () => this.#reports(), onChange: onQuality });
  }

  start(): void {
    this.#speaking.start();
    this.#qualities.start();
  }

  stop(): void {
    this.#speaking.stop();
    this.#sentLevel.stop();
    this.#qualities.stop();
  }

  isSpeaking(id: string): boolean {
    return this.#speaking.isSpeaking(id);
  }

  levelOf(id: string): number {
    return this.#speaking.levelOf(id);
  }

  qualityOf(id: string): Quality {
    return this.#qualities.of(id);
  }

  /** Loudest first. */
  get speakers(): readonly string[] {
    return this.#speaking.speakers;
  }

  async stats(): Promise<RoomStats> {
    const reports = await this.#all();
    const sent = reports.filter(({ of }) => of === this.#conference.id);
    const received = reports.filter(({ of }) => of !== this.#conference.id);
    return roomStats({
      sent: new Map(sent.map(({ publication, report }) => [publication, report])),
      received: received.map(({ of, publication, report }) => ({ participant: of, publication, report })),
    });
  }

  /** Voices: what the local microphone picks up, and what is received of others' `main`. */
  #sources(): LevelSource[] {
    return this.#inUse().flatMap(({ of, publication, connection }) => {
      if (publication !== 'main') return [];
      const receiver = connection.receiver('audio');
      const sender = connection.sender('audio');
      const level = receiver ? () => receivedLevel(receiver) : sender && (() => this.#sentLevel.of(sender));
      return level ? [{ id: of, level }] : [];
    });
  }

  async #reports(): Promise<Map<string, RTCStatsReport[]>> {
    const reports = new Map<string, RTCStatsReport[]>();
    // Of whom nothing is received any more nothing is known.
    for (const id of Object.keys(this.#conference.room.data.participants)) reports.set(id, []);
    for (const { of, report } of await this.#all()) reports.set(of, [...(reports.get(of) ?? []), report]);
    return reports;
  }

  /** A connection that is closed while it is asked is left out. */
  async #all() {
    const asked = this.#inUse().map(async (used) => ({ ...used, report: await used.connection.getStats() }));
    return (await Promise.allSettled(asked)).flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  }

  /** The connections that send or show something, with whose it is. */
  #inUse(): { of: string; publication: PublicationName; connection: MediaConnection }[] {
    const { id, connections } = this.#conference;
    return connections.inUse.map((connection) => {
      const { direction, peer, publication = 'main' } = connection;
      return { of: direction === 'publish' ? id : idOf(peer ?? ''), publication, connection };
    });
  }
}
