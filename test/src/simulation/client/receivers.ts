import type { Answer, ConnectionAnswer, PublicationName, Room } from '@hyperroom/protocol';
import { idOf } from '@hyperroom/protocol';
import { sectionsOf } from './sdp.ts';

/** A publication of a participant, `<id>/<name>`. */
export type Shown = `${string}/${PublicationName}`;

/** One receiving connection of a client. */
export interface Receiver {
  readonly ufrag: string;
  readonly offer: string;
  readonly isAnswered: boolean;
  /** What it shows, and the version of the room that it follows from. */
  readonly shows?: { readonly publication: Shown; readonly since: number };
}

/** With fewer to spare than this beyond those needed, the SDK offers more: at once if one is needed already, else a second later. */
const MORE_SPARES = 4;

/** A client's receiving connections, as the SDK keeps them. */
export class Receivers {
  readonly #onAccepted: (ufrag: string) => void;
  readonly #receivers = new Map<string, Receiver>();
  readonly #faults: string[] = [];

  /** @param onAccepted hears which connection has got its answer. */
  constructor(onAccepted: (ufrag: string) => void = () => {}) {
    this.#onAccepted = onAccepted;
  }

  get size(): number {
    return this.#receivers.size;
  }

  get faults(): readonly string[] {
    return this.#faults;
  }

  /** What is shown, and by which of them: named by the user fragment of its offer. */
  get showing(): { publication: Shown; ufrag: string }[] {
    return [...this.#receivers.values()].flatMap(({ ufrag, shows }) =>
      shows ? [{ publication: shows.publication, ufrag }] : [],
    );
  }

  add(url: string, offer: { sdp: string; ufrag: string }): void {
    this.#receivers.set(url, { ufrag: offer.ufrag, offer: offer.sdp, isAnswered: false });
  }

  drop(url: string): void {
    this.#receivers.delete(url);
  }

  /** Applies what the conference says of one of them, as of a version of the room. */
  take({ url, peer, publication, connectionDescription, error }: ConnectionAnswer, version: number): void {
    let receiver = this.#receivers.get(url);
    if (!receiver) return;
    if (error !== undefined) {
      this.drop(url);
      return;
    }
    if (connectionDescription) receiver = this.#answered(url, receiver, connectionDescription);
    if (peer && !publication) this.#faults.push(`${url} shows something of ${peer}`);
    if (peer && publication) {
      receiver = { ...receiver, shows: { publication: `${idOf(peer)}/${publication}`, since: version } };
    }
    this.#receivers.set(url, receiver);
  }

  /** Closes those that show what is no longer in the room. */
  prune({ version, data }: Room): void {
    const present = new Set(publicationsOf(data));
    for (const [url, { shows }] of this.#receivers) {
      if (shows && shows.since <= version && !present.has(shows.publication)) this.drop(url);
    }
  }

  /** How many to offer now, where so many publications are wanted. */
  missing(wanted: number, lastN: number): number {
    const needed = Math.min(lastN, wanted);
    return this.size < needed ? Math.min(lastN, needed + MORE_SPARES) - this.size : 0;
  }

  #answered(url: string, receiver: Receiver, { sdp }: Answer): Receiver {
    if (receiver.isAnswered) this.#faults.push(`${url} was answered twice`);
    if (!answers(sdp, receiver.offer)) this.#faults.push(`${url} was answered with ${sdp}`);
    this.#onAccepted(receiver.ufrag);
    return { ...receiver, isAnswered: true };
  }
}

/** Whether an answer takes every section of an offer. */
export function answers(answer: string, offer: string): boolean {
  return JSON.stringify(sectionsOf(answer)) === JSON.stringify(sectionsOf(offer));
}

export function publicationsOf({ participants }: Room['data']): Shown[] {
  return Object.entries(participants).flatMap(([id, { publications }]) =>
    (['main', 'screen'] as const).flatMap((name) => (publications[name] ? [`${id}/${name}` as const] : [])),
  );
}
