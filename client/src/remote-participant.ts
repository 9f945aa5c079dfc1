import { type Participant as ParticipantData, PUBLICATION_NAMES, type PublicationName } from '@hyperroom/protocol';
import type { RemoteParticipant } from './participant.ts';
import type { Player } from './playback.ts';
import { RoomRemotePublication } from './remote-publication.ts';
import { type Measurements, RoomParticipant } from './room-participant.ts';
import type { SubscriptionChoices } from './subscriptions.ts';

export interface RemoteParticipantOptions {
  measured: Measurements;
  choices: SubscriptionChoices;
  player: Player;
  /** Hears of publications that are received in another way than before. */
  onSubscription: (publication: RoomRemotePublication) => void;
}

/** Somebody else in the room, as the room writes it. */
export class RoomRemoteParticipant extends RoomParticipant implements RemoteParticipant {
  readonly #publications = new Map<PublicationName, RoomRemotePublication>();
  readonly #options: RemoteParticipantOptions;

  constructor(id: string, data: ParticipantData, options: RemoteParticipantOptions) {
    super(id, data, options.measured);
    this.#options = options;
  }

  override get publications(): ReadonlyMap<PublicationName, RoomRemotePublication> {
    return this.#publications;
  }

  override update(data: ParticipantData): ParticipantData | undefined {
    for (const [name, publication] of this.#publications) publication.follow(data.publications[name]);
    return super.update(data);
  }

  /** Makes publications of what the room says of it; returns those that are new. */
  publish(): RoomRemotePublication[] {
    return PUBLICATION_NAMES.flatMap((name) => {
      const data = this.data.publications[name];
      if (!data || this.#publications.has(name)) return [];
      const stream = name === 'main' ? this.stream : new MediaStream();
      const publication: RoomRemotePublication = new RoomRemotePublication({
        ...this.#options,
        name,
        participant: this.id,
        data,
        stream,
        onChanged: () => this.#options.onSubscription(publication),
      });
      this.#publications.set(name, publication);
      return [publication];
    });
  }

  /** Those that the room says nothing of any more. */
  get ended(): RoomRemotePublication[] {
    return [...this.#publications.values()].filter(({ name }) => !this.data.publications[name]);
  }

  unpublish(publication: RoomRemotePublication): void {
    publication.end();
    this.#publications.delete(publication.name);
  }

  leave(): void {
    this.#options.choices.forget(this.id);
  }
}
