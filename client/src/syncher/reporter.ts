import {
  Code,
  changesOf,
  type Message,
  type MessageType,
  refusal,
  response,
  subscriptionOf,
} from '@hyperroom/protocol';
import { within } from '../async.ts';
import { Emitter } from '../emitter.ts';
import { HyperroomError } from '../errors.ts';
import type { Request } from '../message-bus.ts';
import { FAREWELL_TIMEOUT, type RegisteredHyperty } from '../registered-hyperty.ts';
import { Children } from './children.ts';
import { isSubscription, registration, reporterAddresses, routing, type SubscriptionRequest } from './messages.ts';
import { ReportedObject } from './reported-object.ts';
import type { Authorise, Child, DataObject, Reporter, ReporterEvents, SavedReporter } from './types.ts';

/** Reports an object to whoever observes it. */
export class ObjectReporter<T extends object = object> extends Emitter<ReporterEvents> implements Reporter<T> {
  readonly url: string;
  readonly #hyperty: RegisteredHyperty;
  readonly #authorise: Authorise;
  readonly #reported: ReportedObject<T>;
  readonly #children: Children;
  readonly #invited: Set<string>;
  readonly #observers: Set<string>;
  readonly #stops: (() => void)[];
  /** Hears of the end, when the messaging node has taken note. */
  readonly #onClosed: () => void;
  #deleted = false;

  /** Use `Syncher.create`: by itself this answers, but nothing is routed to it yet. */
  constructor(hyperty: RegisteredHyperty, saved: SavedReporter<T>, authorise: Authorise, onClosed: () => void) {
    super();
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
    this.#children = new Children(hyperty, url, (child) => this.emit('child', child));
    const to = subscriptionOf(url);
    this.#stops = [
      this.#route('subscribe', to, (...asked) => this.#subscribe(...asked)),
      this.#route('unsubscribe', to, (...asked) => this.#unsubscribe(...asked)),
      this.#route('read', url, (_, request) => this.#read(request)),
    ];
  }

  get object(): DataObject<T> {
    return this.#reported.object;
  }

  get data(): T {
    return this.object.data;
  }

  get version(): number {
    return this.object.version;
  }

  get observers(): ReadonlySet<string> {
    return this.#observers;
  }

  update(attribute: string, value: unknown): void {
    this.#reported.update(attribute, value);
  }

  remove(attribute: string): void {
    this.#reported.remove(attribute);
  }

  insert(attribute: string, ...values: readonly unknown[]): void {
    this.#reported.insert(attribute, ...values);
  }

  addChild(value: unknown): Promise<Child> {
    return this.#children.add(value);
  }

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

  saved(): SavedReporter<T> {
    return { role: 'reporter', object: this.object, invited: [...this.#invited], observers: [...this.#observers] };
  }

  async delete(): Promise<void> {
    if (this.#deleted) return;
    this.#deleted = true;
    const { url } = this;
    const hyperty = this.#hyperty;
    const gone = { resource: url, value: { status: 'disconnected' }, attribute: 'status' };
    const end: Request = { type: 'delete', from: subscriptionOf(url), to: changesOf(url), body: {} };
    const requests = [
      ...(this.object.name === undefined ? [] : [hyperty.toRegistry('update', gone)]),
      routing('unsubscribe', hyperty, reporterAddresses(url)),
    ];
    const [ended, ...done] = hyperty.bus.request(end, ...requests);
    // Observers do not answer it. What is in the same frame cannot overtake it, and free the address that it comes from.
    ended.catch(() => {});
    this.close();
    await within(FAREWELL_TIMEOUT, Promise.allSettled(done));
    this.end();
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

  #route(
    type: MessageType,
    to: string,
    answer: (body: SubscriptionRequest, request: Message) => Promise<Message>,
  ): () => void {
    const asked = (body: SubscriptionRequest, request: Message) => void this.#answer(request, answer(body, request));
    return this.#hyperty.bus.route({ type, to }, asked, isSubscription);
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
        () => this.emit('accepted', hyperty),
        (error: HyperroomError) => {
          // Who refuses an invitation may yet have subscribed; who has nothing to go on with has not.
          if (resume) this.#observers.delete(hyperty);
          this.emit('refused', hyperty, error);
        },
      );
    }
  }

  async #subscribe(body: SubscriptionRequest, request: Message): Promise<Message> {
    const subscriber = subscriberOf(body, request);
    if (body.resume && !this.#observers.has(subscriber)) return refusal(request, Code.notFound, 'nothing to resume');
    if (!(await this.#allows(subscriber))) return refusal(request, Code.forbidden, 'not allowed');
    this.#observers.add(subscriber);
    this.emit('subscribed', subscriber);
    const { schema, reporter: owner } = this.object;
    return response(request, Code.ok, { schema, owner, value: this.object });
  }

  async #unsubscribe(body: SubscriptionRequest, request: Message): Promise<Message> {
    const subscriber = subscriberOf(body, request);
    if (this.#observers.delete(subscriber)) this.emit('unsubscribed', subscriber);
    return response(request, Code.ok);
  }

  async #read(request: Message): Promise<Message> {
    if (await this.#allows(request.from)) return response(request, Code.ok, { value: this.object });
    return refusal(request, Code.unauthorized, 'not allowed');
  }

  async #allows(hyperty: string): Promise<boolean> {
    return this.#observers.has(hyperty) || this.#invited.has(hyperty) || (await this.#authorise(hyperty));
  }

  /** Sends an answer, or that there is none: a fault of the application is refused as one, and reported as uncaught. */
  async #answer(request: Message, answer: Promise<Message>): Promise<void> {
    const { bus } = this.#hyperty;
    try {
      bus.post(await answer);
    } catch (error) {
      const isOurs = error instanceof HyperroomError;
      if (isOurs && error.code === 'connection-lost') return;
      bus.post(refusal(request, Code.internal, isOurs ? error.message : 'failed'));
      if (!isOurs) throw error;
    }
  }
}

function subscriberOf({ subscriber, source }: SubscriptionRequest, { from }: Message): string {
  return subscriber ?? source ?? from;
}
