import { changesOf, type Message, type ObjectUpdate, subscriptionOf } from '@hyperroom/protocol';
import { within } from '../async.ts';
import { Emitter } from '../emitter.ts';
import type { Request } from '../message-bus.ts';
import { FAREWELL_TIMEOUT, type RegisteredHyperty } from '../registered-hyperty.ts';
import { changeOf } from './change.ts';
import { Children } from './children.ts';
import { isUpdate } from './data-object.ts';
import { isAnything, observerAddresses, readObject, routing, snapshotOf, subscription } from './messages.ts';
import { ObjectObserver } from './object-observer.ts';
import type { Child, DataObject, ObserveOptions, Observer, ObserverEvents, SavedObserver, Validity } from './types.ts';

const PATIENCE = 2_000;

/** Observes an object, wherever it is reported. */
export class SubscribedObject<T extends object = object> extends Emitter<ObserverEvents<T>> implements Observer<T> {
  readonly url: string;
  readonly #hyperty: RegisteredHyperty;
  readonly #isValid: Validity<T>;
  readonly #copy: ObjectObserver<DataObject<T>>;
  readonly #children: Children;
  readonly #stops: (() => void)[];
  /** Hears of the end, whichever way it comes, when the messaging node has taken note. */
  readonly #onClosed: () => void;
  #closed = false;
  #left = false;

  /** Use `Syncher.subscribe`: by itself this listens, but subscribes to nothing, and knows the object once it is loaded. */
  constructor(hyperty: RegisteredHyperty, url: string, options: ObserveOptions<T>, onClosed: () => void) {
    super();
    const { isValid = isAnything, patience = PATIENCE } = options;
    this.url = url;
    this.#hyperty = hyperty;
    this.#onClosed = onClosed;
    this.#isValid = isValid;
    this.#copy = new ObjectObserver<DataObject<T>>({
      isValid: (candidate): candidate is DataObject<T> => isValid(candidate.data),
      read: () => readObject(hyperty, url, isValid),
      patience,
      onChange: (...versions) => this.emit('change', changeOf(...versions)),
      onRepaired: (from, to) => this.emit('gapRepaired', from, to),
      onUpdated: (object) => this.emit('updated', object),
      onUnreadable: (error) => this.emit('unreadable', error),
    });
    this.#children = new Children(hyperty, url, (child) => this.emit('child', child));
    const to = changesOf(url);
    this.#stops = [
      hyperty.bus.route(
        { type: 'update', from: url, to },
        (update: ObjectUpdate) => this.#copy.update(update),
        isUpdate,
      ),
      hyperty.bus.route({ type: 'delete', from: subscriptionOf(url), to }, () => this.#deleted()),
    ];
  }

  get object(): DataObject<T> {
    if (!this.#copy.object) throw new Error('not loaded');
    return this.#copy.object;
  }

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
      if (!this.#closed) this.emit('unreadable', error);
      throw error;
    }
  }

  /** Takes the whole object, unless a newer one is known. */
  load(object: DataObject<T>): void {
    this.#copy.load(object);
  }

  refresh(): Promise<void> {
    return this.#copy.refresh();
  }

  addChild(value: unknown): Promise<Child> {
    return this.#children.add(value);
  }

  saved(): SavedObserver<T> {
    return { role: 'observer', object: this.object };
  }

  async unsubscribe(): Promise<void> {
    if (this.#left) return;
    this.close();
    await this.#leave(subscription('unsubscribe', this.#hyperty, this.url));
    this.end();
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
    this.emit('deleted');
    this.end();
  }

  async #leave(...farewell: readonly Request[]): Promise<void> {
    this.#left = true;
    const unroute = routing('unsubscribe', this.#hyperty, observerAddresses(this.url));
    await within(FAREWELL_TIMEOUT, Promise.allSettled(this.#hyperty.bus.request(unroute, ...farewell)));
    this.#onClosed();
  }
}
