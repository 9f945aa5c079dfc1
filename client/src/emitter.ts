import { reporting } from './async.ts';
import { HyperroomError } from './errors.ts';

/** Events typed as a map from their name to the arguments of their listeners. */
export type EventMap<Events> = { [Name in keyof Events]: unknown[] };

/** How long to listen. */
export interface ListenOptions {
  /** Ends the listening. */
  signal?: AbortSignal | undefined;
}

/** Whatever has events: a room, a channel, a hyperty, a reported or observed object. */
export interface Emits<Events extends EventMap<Events>> {
  /**
   * Calls `listener` for each event, until the returned function is called or `signal` is aborted. What a listener throws is reported as
   * uncaught; neither other listeners nor the call suffer from it.
   */
  on<Name extends keyof Events>(
    name: Name,
    listener: (...args: Events[Name]) => void,
    options?: ListenOptions,
  ): () => void;
  /**
   * The arguments of the next event. Rejects with the reason of `signal`, or with `connection-lost` when what has the events ends first
   * (a room that is closed, say), or has ended before.
   */
  once<Name extends keyof Events>(name: Name, options?: ListenOptions): Promise<Events[Name]>;
  /**
   * The arguments of all events from this call on, for `for await`: none is missed between two turns of the loop. The loop ends when
   * what has the events ends, or, leaving out what has come meanwhile, when `signal` is aborted.
   */
  events<Name extends keyof Events>(name: Name, options?: ListenOptions): AsyncIterable<Events[Name]>;
}

/** How `Emits` is listened to within. */
export interface Listening extends ListenOptions {
  /** Hears that nothing comes any more: because of `signal`, or of what has the events. */
  onEnd?: (() => void) | undefined;
}

interface Listener<Args extends unknown[]> {
  hear: (...args: Args) => void;
  end: () => void;
}

export class Emitter<Events extends EventMap<Events>> implements Emits<Events> {
  readonly #listeners: { [Name in keyof Events]?: Set<Listener<Events[Name]>> } = {};
  #hasEnded = false;

  on<Name extends keyof Events>(
    name: Name,
    hear: (...args: Events[Name]) => void,
    { signal, onEnd }: Listening = {},
  ): () => void {
    const listeners = this.#listeners[name] ?? new Set();
    this.#listeners[name] = listeners;
    const end = () => {
      stop();
      onEnd?.();
    };
    const listener = { hear, end };
    const stop = () => {
      listeners.delete(listener);
      signal?.removeEventListener('abort', end);
    };
    if (this.#hasEnded || signal?.aborted) {
      onEnd?.();
      return stop;
    }
    listeners.add(listener);
    signal?.addEventListener('abort', end);
    return stop;
  }

  async once<Name extends keyof Events>(name: Name, options: ListenOptions = {}): Promise<Events[Name]> {
    for await (const args of this.events(name, options)) return args;
    options.signal?.throwIfAborted();
    throw new HyperroomError('connection-lost', `no ${String(name)} will come any more`);
  }

  events<Name extends keyof Events>(name: Name, { signal }: ListenOptions = {}): AsyncIterable<Events[Name]> {
    const stream = new Stream<Events[Name]>(() => stop());
    const onEnd = () => (signal?.aborted ? stream.drop() : stream.end());
    const stop = this.on(name, (...args) => stream.push(args), { signal, onEnd });
    return stream;
  }

  /** Whether anybody listens. */
  emit<Name extends keyof Events>(name: Name, ...args: Events[Name]): boolean {
    const listeners = this.#listeners[name];
    // Who begins to listen because of this event hears of the next, and who has just ceased to does not hear of this one.
    const present = [...(listeners ?? [])];
    for (const listener of present) {
      if (listeners?.has(listener)) reporting(() => listener.hear(...args));
    }
    return present.length > 0;
  }

  /** Nothing will be emitted any more. */
  end(): void {
    this.#hasEnded = true;
    for (const listeners of Object.values<Set<Listener<never>> | undefined>(this.#listeners)) {
      for (const { end } of [...(listeners ?? [])]) end();
    }
  }
}

/** What comes, until somebody takes it. */
class Stream<T> implements AsyncIterableIterator<T> {
  readonly #come: T[] = [];
  readonly #takers: ((result: IteratorResult<T, undefined>) => void)[] = [];
  readonly #onLeft: () => void;
  #hasEnded = false;

  /** @param onLeft hears that nobody will take anything any more. */
  constructor(onLeft: () => void) {
    this.#onLeft = onLeft;
  }

  push(value: T): void {
    const take = this.#takers.shift();
    if (take) take({ value, done: false });
    else this.#come.push(value);
  }

  end(): void {
    this.#hasEnded = true;
    for (const take of this.#takers.splice(0)) take(DONE);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const [first] = this.#come.splice(0, 1).map((value) => ({ value, done: false as const }));
    if (first || this.#hasEnded) return Promise.resolve(first ?? DONE);
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** Ends without what has come. */
  drop(): void {
    this.#come.length = 0;
    this.end();
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.drop();
    this.#onLeft();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

const DONE = { value: undefined, done: true } as const;
