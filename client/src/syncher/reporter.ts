import { Code, changesOf, type Message, Refusal, refusal, response, subscriptionOf } from '@hyperroom/protocol';
import * as v from 'valibot';
import { within } from '../async.ts';
import { Emitter } from '../emitter.ts';
import { HyperroomError } from '../errors.ts';
import type { Request } from '../message-bus.ts';
import { FAREWELL_TIMEOUT, type RegisteredHyperty } from '../registered-hyperty.ts';
import { type Child, Children } from './children.ts';
import type { DataObject } from './data-object.ts';
import { registration, reporterAddresses, routing, SubscriptionRequest, unregistration } from './messages.ts';
import { ReportedObject } from './reported-object.ts';

/** Whether a hyperty may observe and read an object. */
export type Authorise = (hyperty: string) => boolean | Promise<boolean>;

export interface ReporterEvents {
  /** An invited hyperty accepted, which is not yet to say that it observes. */
  accepted: [hyperty: string];
  /** An invited hyperty refused, was not there (`not-found`), or did not answer within 15 seconds (`timeout`). */
  refused: [hyperty: string, error: HyperroomError];
  subscribed: [hyperty: string];
  unsubscribed: [hyperty: string];
  /** An observer added a child. */
  child: [child: Child];
}

/** What `Syncher.resume` needs to go on reporting: JSON. */
export interface SavedReporter<T extends object = object> {
  role: 'reporter';
  object: DataObject<T>;
  /** Who may observe. */
  invited: string[];
  /** Who does. */
  observers: string[];
}

/** A data object that this hyperty, and it alone, changes. `Syncher.create` makes one. */
export class Reporter<T extends object = object> implements AsyncDisposable {
  readonly url: string;
  readonly #hyperty: RegisteredHyperty;
  readonly #authorise: Authorise;
  readonly #events = new Emitter<ReporterEvents>();
  readonly #reported: ReportedObject<T>;
  readonly #children: Children;
  readonly #invited: Set<string>;
  readonly #observers: Set<string>;
  readonly #stops: (() => void)[];
  /** Hears of the end, when the messaging node has taken note. */
  readonly #onClosed: () => void;
  #deleted = false;

  /** Use `Syncher.create`: by itself this answers, but nothing is routed to it yet. */
  constructor(hyperty: RegisteredHyperty, saved: SavedReporter<T>, authorise: Authorise, onClosed = () => {}) {
    const { url } = saved.object;
    this.url = url;
    this.#hyperty = hyperty;
    this.#authorise = authorise;
    this.#onClosed = onClosed;
    this.#invited = new Set(saved.invited);
    this.#observers = new Set(saved.observers);
    this.#reported = new ReportedObject(saved.object, (body) => {
      hyperty.bus.post({ type: 'update', from: url, to: changesOf(url), body });
    });
    this.#children = new Children(hyperty, url, (child) => this.#events.emit('child', child));
    const to = subscriptionOf(url);
    this.#stops = [
      hyperty.bus.route({ type: 'subscribe', to }, SubscriptionRequest, (body, request) => {
        this.#answer(request, () => this.#subscribe(body, request));
      }),
      hyperty.bus.route({ type: 'unsubscribe', to }, SubscriptionRequest, (body, request) => {
        this.#answer(request, () => this.#unsubscribe(body, request));
      }),
      hyperty.bus.route({ type: 'read', to: url }, v.object({}), (_, request) => {
        this.#answer(request, () => this.#read(request));
      }),
    ];
  }

  /** Listens to an event until the returned function is called. */
  on<Name extends keyof ReporterEvents>(name: Name, listener: (...args: ReporterEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** The newest version, with what else is known of the object. */
  get object(): DataObject<T> {
    return this.#reported.object;
  }

  get data(): T {
    return this.object.data;
  }

  get version(): number {
    return this.object.version;
  }

  /** The hyperties that have subscribed. */
  get observers(): ReadonlySet<string> {
    return this.#observers;
  }

  /**
   * Sets what is at a dotted path inside `data`, to a copy of `value`. This and each of the following is one version,
   * and one message; they throw a `HyperroomError`, and nothing has changed: `bad-request` (not JSON, no such path, too
   * large: a message has at most 32 KiB) or `connection-lost`. What is changed without a socket reaches observers when there is one again.
   */
  update(attribute: string, value: unknown): void {
    this.#reported.update(attribute, value);
  }

  /** Deletes the field at a dotted path, or takes the element `list.<index>` out of its array. */
  remove(attribute: string): void {
    this.#reported.remove(attribute);
  }

  /** Puts elements into an array, before `list.<index>`, or at its end. */
  insert(attribute: string, ...values: readonly unknown[]): void {
    this.#reported.insert(attribute, ...values);
  }

  /** Adds a child, JSON, that all observers hear of. Rejects with a `HyperroomError`: `forbidden`, `connection-lost`, `timeout` (15 seconds). */
  addChild(value: unknown): Promise<Child> {
    return this.#children.add(value);
  }

  /** Invites hyperties: what becomes of it is told by `accepted` or `refused`, and `subscribed`. */
  invite(...hyperties: readonly string[]): void {
    for (const hyperty of hyperties) this.#invited.add(hyperty);
    this.#ask(hyperties, false);
  }

  /** Has what concerns the object routed here, and lists it if it has a name. */
  announce(): readonly Promise<Message>[] {
    const hyperty = this.#hyperty;
    const listing = this.object.name === undefined ? [] : [registration(hyperty, this.object)];
    return hyperty.bus.request(routing('subscribe', hyperty, reporterAddresses(this.url)), ...listing);
  }

  /** The same by another socket. Those who observe may have missed something: they are told to look. */
  async goOn(): Promise<void> {
    await Promise.all(this.announce());
    this.resume();
  }

  /** Tells those who observed an earlier life of this object that it goes on. */
  resume(): void {
    this.#ask([...this.#observers], true);
  }

  /** What `Syncher.resume` needs to go on after a reload. */
  saved(): SavedReporter<T> {
    return { role: 'reporter', object: this.object, invited: [...this.#invited], observers: [...this.#observers] };
  }

  /** Deletes the object: its observers are told. Resolves when the server has taken note, within 2 seconds; rejects never. */
  async delete(): Promise<void> {
    if (this.#deleted) return;
    this.#deleted = true;
    const { url } = this;
    const end: Request = { type: 'delete', from: subscriptionOf(url), to: changesOf(url), body: {} };
    const requests = [
      ...(this.object.name === undefined ? [] : [unregistration(this.#hyperty, url)]),
      routing('unsubscribe', this.#hyperty, reporterAddresses(url)),
    ];
    const [ended, ...done] = this.#hyperty.bus.request(end, ...requests);
    // Observers do not answer it. What is in the same frame cannot overtake it, and free the address that it comes from.
    ended.catch(() => {});
    this.close();
    await within(FAREWELL_TIMEOUT, Promise.allSettled(done));
    this.#onClosed();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.delete();
  }

  /** Listens and answers no longer, and tells nobody. */
  close(): void {
    this.#children.close();
    for (const stop of this.#stops) stop();
  }

  #ask(hyperties: readonly string[], resume: boolean): void {
    const { data: _, version: __, ...metadata } = this.object;
    const { reporter: source, schema } = metadata;
    const value = { ...metadata, status: 'live', childrens: [] };
    const body = { source, schema, value, ...(resume && { resume }) };
    const from = subscriptionOf(this.url);
    const answers = this.#hyperty.bus.request(...hyperties.map((to): Request => ({ type: 'create', from, to, body })));
    for (const [index, hyperty] of hyperties.entries()) {
      answers[index]?.then(
        () => this.#events.emit('accepted', hyperty),
        (error: HyperroomError) => {
          // Who refuses an invitation may yet have subscribed; who has nothing to go on with has not.
          if (resume) this.#observers.delete(hyperty);
          this.#events.emit('refused', hyperty, error);
        },
      );
    }
  }

  async #subscribe(body: SubscriptionRequest, request: Message): Promise<object> {
    const subscriber = subscriberOf(body, request);
    if (body.resume && !this.#observers.has(subscriber)) throw new Refusal(Code.notFound, 'nothing to resume');
    if (!(await this.#allows(subscriber))) throw new Refusal(Code.forbidden, 'not allowed to observe this object');
    this.#observers.add(subscriber);
    this.#events.emit('subscribed', subscriber);
    const { schema, reporter: owner } = this.object;
    return { schema, owner, value: this.object };
  }

  async #unsubscribe(body: SubscriptionRequest, request: Message): Promise<object> {
    const subscriber = subscriberOf(body, request);
    if (this.#observers.delete(subscriber)) this.#events.emit('unsubscribed', subscriber);
    return {};
  }

  async #read({ from }: Message): Promise<object> {
    if (!(await this.#allows(from))) throw new Refusal(Code.unauthorized, 'not allowed to read this object');
    return { value: this.object };
  }

  async #allows(hyperty: string): Promise<boolean> {
    return this.#observers.has(hyperty) || this.#invited.has(hyperty) || (await this.#authorise(hyperty));
  }

  /** Sends what `answer` gives, or that it refuses; a fault of the application is refused as one, and reported as uncaught. */
  async #answer(request: Message, answer: () => Promise<object>): Promise<void> {
    const { bus } = this.#hyperty;
    try {
      bus.post(response(request, Code.ok, { ...(await answer()) }));
    } catch (error) {
      if (error instanceof HyperroomError && error.code === 'connection-lost') return;
      const known = error instanceof Refusal || error instanceof HyperroomError;
      bus.post(
        refusal(request, error instanceof Refusal ? error.code : Code.internal, known ? error.message : 'failed'),
      );
      if (!known) throw error;
    }
  }
}

function subscriberOf({ subscriber, source }: SubscriptionRequest, { from }: Message): string {
  return subscriber ?? source ?? from;
}
