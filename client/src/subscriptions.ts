import {
  PUBLICATION_NAMES,
  type PublicationName,
  type SubscriptionChoice,
  type Subscriptions,
} from '@hyperroom/protocol';
import { isPassing, retryAfterOf } from './errors.ts';

/** Milliseconds until choices are sent again that did not arrive. */
const AGAIN = 2_000;

/** What an application wants of one publication. */
type Choice = Pick<SubscriptionChoice, 'subscribed' | 'paused'>;

/** What this participant wants to receive. The server is told all of it, whenever some of it has changed. */
export class SubscriptionChoices {
  readonly #auto: boolean;
  readonly #send: (subscriptions: Subscriptions) => Promise<unknown>;
  readonly #choices = new Map<string, SubscriptionChoice>();
  #revision = 0;
  #told = 0;
  #sending = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  /** @param auto whether it wants what no choice is made about. */
  constructor(auto: boolean, send: (subscriptions: Subscriptions) => Promise<unknown>) {
    this.#auto = auto;
    this.#send = send;
  }

  /** What goes with a join: nothing if all is as usual. */
  get initial(): Subscriptions | undefined {
    if (this.#auto && this.#choices.size === 0) return undefined;
    // A join without says the first.
    return { ...this.#all, revision: Math.max(this.#revision, 1) };
  }

  isSubscribed(participant: string, publication: PublicationName): boolean {
    return this.#choices.get(keyOf(participant, publication))?.subscribed ?? this.#auto;
  }

  choose(participant: string, publication: PublicationName, changes: Partial<Choice>): void {
    const key = keyOf(participant, publication);
    const before: SubscriptionChoice = this.#choices.get(key) ?? { participant, publication, paused: [] };
    const after = { ...before, ...changes };
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    if (after.subscribed === undefined && after.paused.length === 0) this.#choices.delete(key);
    else this.#choices.set(key, after);
    this.#changed();
  }

  /** The participant has left, and takes the choices about it along. Until then they hold for what it publishes anew under the same name. */
  forget(participant: string): void {
    for (const publication of PUBLICATION_NAMES) this.#choices.delete(keyOf(participant, publication));
  }

  /** Whoever had been told has forgotten: tells again, without waiting for what is on its way to it. */
  renew(): void {
    if (!this.initial) return;
    this.#sending = false;
    this.#changed();
  }

  close(): void {
    clearTimeout(this.#again);
    this.#told = Number.POSITIVE_INFINITY;
  }

  get #all(): Subscriptions {
    return { revision: this.#revision, auto: this.#auto, choices: [...this.#choices.values()] };
  }

  #changed(): void {
    // The join said the first.
    this.#revision = Math.max(this.#revision, 1) + 1;
    this.#tell();
  }

  /** Choices that come together, or while others are on their way, travel together. */
  async #tell(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    clearTimeout(this.#again);
    await Promise.resolve();
    while (this.#told < this.#revision) {
      const revision = this.#revision;
      const error = await this.#send(this.#all).catch((error: unknown) => error);
      if (this.#told < revision && isPassing(error)) {
        clearTimeout(this.#again);
        this.#again = setTimeout(() => this.#tell(), Math.max(AGAIN, retryAfterOf(error) ?? 0));
        break;
      }
      this.#told = Math.max(this.#told, revision);
    }
    this.#sending = false;
  }
}

const keyOf = (participant: string, publication: PublicationName) => `${participant} ${publication}`;
