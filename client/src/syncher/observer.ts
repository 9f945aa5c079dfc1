import { changesOf, type Message, ObjectUpdate, subscriptionOf } from '@hyperroom/protocol';
import * as v from 'valibot';
import { within } from '../async.ts';
import { Emitter } from '../emitter.ts';
import type { Request } from '../message-bus.ts';
import { FAREWELL_TIMEOUT, type RegisteredHyperty } from '../registered-hyperty.ts';
import { type Change, changeOf } from './change.ts';
import { type Child, Children } from './children.ts';
import type { DataObject } from './data-object.ts';
import {
  isAnything,
  observerAddresses,
  readObject,
  routing,
  snapshotOf,
  subscription,
  type Validity,
} from './messages.ts';
import { ObjectObserver } from './object-observer.ts';

export interface ObserveOptions<T extends object> {
  /** Whether data is of the schema that is expected. Versions that are not are skipped. Default: everything is. */
  isValid?: Validity<T> | undefined;
  /** Milliseconds that a missing update may take before the whole object is read again. Default 2000: as long as a messaging node may take to start. */
  patience?: number | undefined;
}

export interface ObserverEvents<T extends object> {
  /** The next version: each is told of, in order, while `data` and `version` are those of the change. */
  change: [change: Change];
  /** Updates were lost; the object was read again. The versions between `from` and `to` were not told of. */
  gapRepaired: [from: number, to: number];
  /** After one or more changes that came at the same time, or a repair. */
  updated: [object: DataObject<T>];
  /** Somebody else added a child. */
  child: [child: Child];
  /** The reporter deleted the object: the last event. */
  deleted: [];
  /** The object could not be read again; that is tried further, ever more slowly. */
  unreadable: [error: unknown];
}

/** What `Syncher.resume` needs to go on observing: JSON. */
export interface SavedObserver<T extends object = object> {
  role: 'observer';
  object: DataObject<T>;
}

const PATIENCE = 2_000;

/** A data object that somebody else reports, kept at its newest version. `Syncher.subscribe` makes one. */
export class Observer<T extends object = object> implements AsyncDisposable {
  readonly url: string;
  readonly #hyperty: RegisteredHyperty;
  readonly #events = new Emitter<ObserverEvents<T>>();
  readonly #isValid: Validity<T>;
  readonly #copy: ObjectObserver<DataObject<T>>;
  readonly #children: Children;
  readonly #stops: (() => void)[];
  /** Hears of the end, whichever way it comes, when the messaging node has taken note. */
  readonly #onClosed: () => void;
  #closed = false;
  #left = false;

  /** Use `Syncher.subscribe`: by itself this listens, but subscribes to nothing, and knows the object once it is loaded. */
  constructor(hyperty: RegisteredHyperty, url: string, options: ObserveOptions<T> = {}, onClosed = () => {}) {
    const { isValid = isAnything, patience = PATIENCE } = options;
    this.url = url;
    this.#hyperty = hyperty;
    this.#onClosed = onClosed;
    this.#isValid = isValid;
    this.#copy = new ObjectObserver<DataObject<T>>({
      isValid: (candidate): candidate is DataObject<T> => isValid(candidate.data),
      read: () => readObject(hyperty, url, isValid),
      patience,
      onChange: (...versions) => this.#events.emit('change', changeOf(...versions)),
      onRepaired: (from, to) => this.#events.emit('gapRepaired', from, to),
      onUpdated: (object) => this.#events.emit('updated', object),
      onUnreadable: (error) => this.#events.emit('unreadable', error),
    });
    this.#children = new Children(hyperty, url, (child) => this.#events.emit('child', child));
    const to = changesOf(url);
    this.#stops = [
      hyperty.bus.route({ type: 'update', from: url, to }, ObjectUpdate, (update) => this.#copy.update(update)),
      hyperty.bus.route({ type: 'delete', from: subscriptionOf(url), to }, v.object({}), () => this.#deleted()),
    ];
  }

  /** Listens to an event until the returned function is called. */
  on<Name extends keyof ObserverEvents<T>>(
    name: Name,
    listener: (...args: ObserverEvents<T>[Name]) => void,
  ): () => void {
    return this.#events.on(name, listener);
  }

  /** The newest version, with what else is known of the object. */
  get object(): DataObject<T> {
    if (!this.#copy.object) throw new Error(`${this.url} has yet to be loaded`);
    return this.#copy.object;
  }

  /** Whether it has stopped to listen. */
  get isClosed(): boolean {
    return this.#closed;
  }

  get data(): T {
    return this.object.data;
  }

  get version(): number {
    return this.object.version;
  }

  /** Has the changes routed here, asks the reporter for them, and takes the object as it is. */
  subscribe(more: object = {}): { responses: readonly Promise<Message>[]; loaded: Promise<void> } {
    const hyperty = this.#hyperty;
    // The messaging node takes the two in order: no update falls between the snapshot and the first one routed.
    const responses = hyperty.bus.request(
      routing('subscribe', hyperty, observerAddresses(this.url)),
      subscription('subscribe', hyperty, this.url, { mutual: false, ...more }),
    );
    const loaded = Promise.all(responses).then(([, snapshot]) => {
      if (!this.#closed) this.load(snapshotOf(this.url, snapshot, this.#isValid));
    });
    return { responses, loaded };
  }

  /** The same by another socket: what was missed is taken in one step. */
  async goOn(): Promise<void> {
    try {
      await this.subscribe().loaded;
    } catch (error) {
      if (!this.#closed) this.#events.emit('unreadable', error);
      throw error;
    }
  }

  /** Takes the whole object, unless a newer one is known. */
  load(object: DataObject<T>): void {
    this.#copy.load(object);
  }

  /** Reads the object now, without waiting for a gap to show. */
  refresh(): Promise<void> {
    return this.#copy.refresh();
  }

  /** Adds a child, JSON, that the reporter and all observers hear of. Rejects with a `HyperroomError`: `forbidden`, `connection-lost`, `timeout` (15 seconds). */
  addChild(value: unknown): Promise<Child> {
    return this.#children.add(value);
  }

  /** What `Syncher.resume` needs to go on after a reload. */
  saved(): SavedObserver<T> {
    return { role: 'observer', object: this.object };
  }

  /** Observes no longer. Resolves when the reporter has taken note, within 2 seconds; rejects never. */
  async unsubscribe(): Promise<void> {
    if (this.#left) return;
    this.close();
    await this.#leave(subscription('unsubscribe', this.#hyperty, this.url));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.unsubscribe();
  }

  /** Listens no longer, and tells nobody. */
  close(): void {
    this.#closed = true;
    this.#copy.close();
    this.#children.close();
    for (const stop of this.#stops) stop();
  }

  async #deleted(): Promise<void> {
    if (this.#left) return;
    this.close();
    await this.#leave();
    this.#events.emit('deleted');
  }

  async #leave(...farewell: readonly Request[]): Promise<void> {
    this.#left = true;
    const unroute = routing('unsubscribe', this.#hyperty, observerAddresses(this.url));
    await within(FAREWELL_TIMEOUT, Promise.allSettled(this.#hyperty.bus.request(unroute, ...farewell)));
    this.#onClosed();
  }
}
