import { Code, domainOf, type Message, refusal, response } from '@hyperroom/protocol';
import { abortable } from '../async.ts';
import { delayAfter } from '../backoff.ts';
import { Emitter } from '../emitter.ts';
import { HyperroomError } from '../errors.ts';
import type { Hyperty } from '../hyperty.ts';
import type { RegisteredHyperty } from '../registered-hyperty.ts';
import { newObject } from './data-object.ts';
import { invitationOf } from './invitation.ts';
import { type InvitationBody, isInvitation, readObject } from './messages.ts';
import { SubscribedObject } from './observer.ts';
import { ObjectReporter } from './reporter.ts';
import type {
  Authorise,
  DataObject,
  Invitation,
  Observer,
  Reporter,
  SavedObserver,
  SavedReporter,
  SubscribeOptions,
} from './types.ts';

/** How `Syncher.create` makes an object. */
export interface CreateOptions {
  /** The object's address. Default: a new one, `<scheme>://<domain>/<uuid>`. */
  url?: string;
  /** Of the address that is made for it: `comm`, `connection`, `context`, … Default `resource`. */
  scheme?: string;
  /** Registers the object, so that others find it under this name: 1 to 128 characters. Default: not registered. */
  name?: string;
  /** Who may observe and read besides those invited. Default: nobody. */
  authorise?: Authorise | undefined;
  /** Aborts the wait: it rejects with the signal's reason, and the object is deleted. */
  signal?: AbortSignal | undefined;
}

/** How `Syncher.read` reads an object. */
export type ReadOptions<T extends object> = Pick<SubscribeOptions<T>, 'isValid' | 'signal'>;

/** How `Syncher.resume` goes on with reporting. */
export type ResumeOptions = Pick<CreateOptions, 'authorise' | 'signal'>;

/** Events of a Syncher, with the arguments of their listeners. */
export interface SyncherEvents {
  /** A reporter invites. Refused with 404 if nobody listens. */
  notification: [invitation: Invitation];
}

const SUBSCRIPTION = '/subscription';

/** How attempts to go on follow each other. */
const PACE = { first: 1_000, longest: 30_000, chance: 1 };

/** What is reported or observed here. */
type Held = Pick<ObjectReporter | SubscribedObject, 'goOn' | 'end'>;

/**
 * Data objects between hyperties: JSON that one reports and others observe (reTHINK's "Data synchronisation").
 *
 * Updates carry the object's version. Whatever the order in which they arrive, an observer applies them in that of
 * their versions; when one stays away it reads the object again.
 */
export class Syncher extends Emitter<SyncherEvents> {
  readonly #hyperty: RegisteredHyperty;
  readonly #reporters = new Map<string, ObjectReporter>();
  readonly #observers = new Map<string, Held & Pick<SubscribedObject, 'refresh' | 'isClosed'>>();
  #goingOn: ReturnType<typeof setTimeout> | undefined;
  /** How often there was another socket. */
  #sockets = 0;

  /** @param connected as `Hyperroom.connect` makes it. */
  constructor(connected: Hyperty) {
    super();
    // There is no other.
    const hyperty = connected as RegisteredHyperty;
    this.#hyperty = hyperty;
    const route = { type: 'create', to: hyperty.url } as const;
    hyperty.bus.route(route, (body: InvitationBody, request) => this.#invited(body, request), isInvitation);
    hyperty.on('reconnected', () => {
      this.#sockets += 1;
      this.#goOn(this.#held);
    });
    hyperty.on('reconnecting', () => clearTimeout(this.#goingOn));
    hyperty.on('closed', () => {
      clearTimeout(this.#goingOn);
      for (const held of [...this.#held, this]) held.end();
    });
  }

  /**
   * Creates a data object, a copy of `data`, and invites hyperties to observe it. Resolves when it can be observed; what
   * the invited answer is told by events of the reporter.
   *
   * Rejects with a `HyperroomError`: `forbidden` (the address is another's), `conflict` (it is reported here, still or already),
   * `bad-request` (the name, or data too large for a message), `connection-lost`, `timeout` (15 seconds); or with the
   * reason of `signal`.
   */
  async create<T extends object>(
    schema: string,
    observers: readonly string[],
    data: T,
    { url, scheme = 'resource', name, authorise, signal }: CreateOptions = {},
  ): Promise<Reporter<T>> {
    const { url: self } = this.#hyperty;
    const address = url ?? `${scheme}://${domainOf(self)}/${crypto.randomUUID()}`;
    const object = newObject({ url: address, reporter: self, schema, name, data });
    const reporter = await this.#report(
      { role: 'reporter', object, invited: [], observers: [] },
      { authorise, signal },
    );
    reporter.invite(...observers);
    return reporter;
  }

  /**
   * Observes a data object: another hyperty's, or a room (`comm://<domain>/<room>`).
   *
   * Rejects with a `HyperroomError`: `not-found` (nobody reports it), `forbidden`, `conflict` (it is observed here,
   * still or already), `protocol-error` (it is not valid), `connection-lost`, `timeout` (15 seconds); or with the reason of `signal`.
   */
  async subscribe<T extends object = object>(url: string, options: SubscribeOptions<T> = {}): Promise<Observer<T>> {
    return this.#observe(url, options);
  }

  /** Reads a data object once. Rejects as `subscribe` does; `unauthorized` where the reporter does not allow it. */
  async read<T extends object = object>(url: string, { isValid, signal }: ReadOptions<T> = {}): Promise<DataObject<T>> {
    signal?.throwIfAborted();
    return abortable(readObject(this.#hyperty, url, isValid), signal);
  }

  /**
   * Goes on where `saved()` of a reporter or an observer left off, by a hyperty of the same address. A reporter keeps its
   * version, and its observers are told to look what they have missed; an observer takes what it has missed in one step.
   *
   * Rejects as `create` and `subscribe` do; `not-found` if there is nothing to resume.
   */
  resume<T extends object>(saved: SavedReporter<T>, options?: ResumeOptions): Promise<Reporter<T>>;
  resume<T extends object>(saved: SavedObserver<T>, options?: SubscribeOptions<T>): Promise<Observer<T>>;
  async resume<T extends object>(
    saved: SavedReporter<T> | SavedObserver<T>,
    options: ResumeOptions & SubscribeOptions<T> = {},
  ): Promise<Reporter<T> | Observer<T>> {
    if (saved.role === 'observer') return this.#observe(saved.object.url, options, saved.object);
    const object = { ...saved.object, reporter: this.#hyperty.url };
    const reporter = await this.#report({ ...saved, object }, options);
    reporter.resume();
    return reporter;
  }

  /** Deletes an object that is reported here. Rejects with `not-found` if it is not. */
  async delete(url: string): Promise<void> {
    const reporter = this.#reporters.get(url);
    if (!reporter) throw new HyperroomError('not-found', `${url} is not here`);
    await reporter.delete();
  }

  /** What fails is tried again: whoever it depends on may have lost its socket, too. */
  async #goOn(all: readonly Held[], attempt = 1): Promise<void> {
    const socket = this.#sockets;
    const outcomes = await Promise.allSettled(all.map((held) => held.goOn()));
    const failed = all.filter((held, index) => outcomes[index]?.status === 'rejected' && this.#held.includes(held));
    if (failed.length === 0 || socket !== this.#sockets || !this.#hyperty.bus.isUp) return;
    const delay = delayAfter(attempt, PACE, Math.random());
    this.#goingOn = setTimeout(() => this.#goOn(failed, attempt + 1), delay);
  }

  get #held(): readonly Held[] {
    return [...this.#reporters.values(), ...this.#observers.values()];
  }

  async #report<T extends object>(
    saved: SavedReporter<T>,
    { authorise = () => false, signal }: ResumeOptions,
  ): Promise<ObjectReporter<T>> {
    signal?.throwIfAborted();
    const { url, name } = saved.object;
    if (this.#reporters.has(url)) throw new HyperroomError('conflict', `${url} is here already`);
    const hyperty = this.#hyperty;
    const forget = name === undefined ? () => {} : hyperty.keep(url);
    const reporter = new ObjectReporter(hyperty, saved, authorise, () => {
      this.#reporters.delete(url);
      forget();
    });
    this.#reporters.set(url, reporter);
    const responses = reporter.announce();
    await beginning(Promise.all(responses), reporter, responses, () => reporter.delete(), signal);
    return reporter;
  }

  async #observe<T extends object>(
    url: string,
    { signal, ...options }: SubscribeOptions<T>,
    known?: DataObject<T>,
  ): Promise<Observer<T>> {
    signal?.throwIfAborted();
    if (this.#observers.has(url)) throw new HyperroomError('conflict', `${url} is here already`);
    const hyperty = this.#hyperty;
    const observer = new SubscribedObject<T>(hyperty, url, options, () => this.#observers.delete(url));
    this.#observers.set(url, observer);
    if (known) observer.load(known);
    const { responses, loaded } = observer.subscribe(known && { resume: true });
    await beginning(loaded, observer, responses, () => observer.unsubscribe(), signal);
    return observer;
  }

  #invited({ resume, schema, source = '', value = {} }: InvitationBody, request: Message): void {
    // Other hyperties create other things.
    if (!request.from.endsWith(SUBSCRIPTION)) return;
    const url = request.from.slice(0, -SUBSCRIPTION.length);
    const { bus } = this.#hyperty;
    if (resume) {
      const observer = this.#observers.get(url);
      const isObserved = observer?.isClosed === false;
      bus.post(isObserved ? response(request, Code.ok) : refusal(request, Code.notFound, 'nothing to resume'));
      if (isObserved) observer.refresh();
      return;
    }
    const about = { url, reporter: value.reporter ?? source, schema, name: value.name };
    const invitation = invitationOf(bus, request, about, (...accepted) => this.subscribe(...accepted));
    if (!this.emit('notification', invitation)) bus.post(refusal(request, Code.notFound, 'nobody listens'));
  }
}

/**
 * Waits for a beginning, and undoes it if it fails, once its requests are answered: what overtook them would undo nothing. Whoever tries
 * again after a refusal is to find the way free; who aborts does not wait for it.
 */
async function beginning(
  begun: Promise<unknown>,
  held: { close(): void },
  responses: readonly Promise<Message>[],
  undo: () => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await abortable(begun, signal);
  } catch (error) {
    held.close();
    const undone = Promise.allSettled(responses).then(undo);
    if (!signal?.aborted) await undone;
    throw error;
  }
}
