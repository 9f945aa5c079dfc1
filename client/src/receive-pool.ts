import type { Connection, RoomData } from '@hyperroom/protocol';
import { type ConnectionController, inFrames } from './connection-controller.ts';
import { pauseAfter } from './repair/plan.ts';
import type { SubscriptionChoices } from './subscriptions.ts';

/** With fewer spare connections than this beyond those needed, more are offered. */
const FEW_SPARES = 2;
/** How many spare connections are offered beyond those needed. */
const MORE_SPARES = 4;
/** Milliseconds until they are made, so as not to hold up connections that are about to show somebody. */
const UNHURRIED = 1_000;

export interface ReceivePoolOptions {
  /** The id of the participant that receives. */
  self: string;
  connections: ConnectionController;
  subscriptions: SubscriptionChoices;
  /** The room as it is. */
  room: () => RoomData;
  /** Sends what one frame takes of offers. */
  offer: (connections: Connection[]) => Promise<unknown>;
}

/** Keeps receiving connections ready for those who will publish next, and never more than the room's `lastN`. */
export class ReceivePool {
  readonly #options: ReceivePoolOptions;
  #toppingUp: ReturnType<typeof setTimeout> | undefined;
  /** Offers that are on their way. */
  #offering: object | undefined;
  /** How many have been refused in a row, and until when there is no point in others. */
  #refused = 0;
  #notBefore = 0;
  #stopped = false;

  constructor(options: ReceivePoolOptions) {
    this.#options = options;
  }

  /** Offers more if there are too few: at once if somebody is waiting to be seen. */
  topUp(): void {
    clearTimeout(this.#toppingUp);
    const { connections, room } = this.#options;
    const { receivers } = connections;
    if (this.#stopped || room().media === 'waiting' || receivers >= this.#upTo(FEW_SPARES)) return;
    const isAwaited = receivers < this.#upTo(0);
    const delay = Math.max(isAwaited ? 0 : UNHURRIED, this.#notBefore - performance.now());
    this.#toppingUp = setTimeout(() => this.offer(() => this.#more()), delay);
  }

  /** The room's media begin anew: what is on its way, or was refused, does not matter any more. */
  renew(): void {
    this.#offering = undefined;
    this.#refused = 0;
    this.#notBefore = 0;
  }

  /** Offers connections, unless that is going on already: the next change of the room sees to what is left. */
  async offer(make: () => Promise<Connection[]>): Promise<void> {
    if (this.#offering) return;
    const offering = {};
    this.#offering = offering;
    // A page that can make no more connections, or is leaving, goes on with those it has.
    const connections = await make().catch(() => []);
    let failure: unknown;
    for (const frame of inFrames(connections)) {
      await this.#options.offer(frame).catch((error: unknown) => {
        failure = error;
        for (const { url } of frame) this.#options.connections.drop(url);
      });
    }
    if (this.#offering !== offering) return;
    this.#offering = undefined;
    if (failure === undefined) this.#refused = 0;
    else this.#again(failure);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#toppingUp);
  }

  #again(failure: unknown): void {
    this.#refused += 1;
    this.#notBefore = performance.now() + pauseAfter(this.#refused, failure);
    this.topUp();
  }

  async #more(): Promise<Connection[]> {
    const { connections, room } = this.#options;
    const missing = Math.max(0, this.#upTo(MORE_SPARES) - connections.receivers);
    const made = await connections.prepare(missing, room().options.codec);
    return connections.describe(made, room().epoch);
  }

  /** How many there are to be with that many to spare. */
  #upTo(spares: number): number {
    const { lastN } = this.#options.room().options;
    return Math.min(lastN, this.#wanted() + spares);
  }

  /** How many publications of others there are that this participant wants. */
  #wanted(): number {
    const { self, subscriptions, room } = this.#options;
    const others = Object.entries(room().participants).filter(([id]) => id !== self);
    return others.flatMap(([id, { publications }]) =>
      (['main', 'screen'] as const).filter((name) => publications[name] && subscriptions.isSubscribed(id, name)),
    ).length;
  }
}
