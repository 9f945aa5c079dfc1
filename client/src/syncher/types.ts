import type { Emits } from '../emitter.ts';
import type { HyperroomError } from '../errors.ts';

/** What observing needs of a data object; the rest is its schema's business. */
export interface Versioned {
  /** Rises by one with each change. */
  version: number;
  /** ISO 8601. */
  lastModified: string;
  /** What its schema describes. */
  data: object;
}

/** A reTHINK data object: JSON that one hyperty reports and any number observe. Never changed in place: each version is another object. */
export interface DataObject<T extends object = object> extends Versioned {
  /** Its address. */
  url: string;
  /** The hyperty that alone changes it. */
  reporter: string;
  /** The address of what describes its data. */
  schema?: string | undefined;
  /** What the registry lists it under. */
  name?: string | undefined;
  /** Rises by one with each change. */
  version: number;
  /** ISO 8601, as is `lastModified`. */
  created: string;
  /** What its schema describes. */
  data: T;
}

/** One version of a data object against the one before. */
export interface Change {
  /** The version that it leads to. */
  version: number;
  /** The dotted path inside `data`; of several array elements, the first one's. */
  attribute: string;
  /** `add` and `remove` move the later elements of an array. */
  operation: 'add' | 'update' | 'remove';
  /** Undefined if there was none. */
  oldValue: unknown;
  /** Undefined if there is none any more. */
  newValue: unknown;
}

/** What a hyperty has added to a data object without changing it: a chat message, for one. */
export interface Child {
  /** `<hyperty that added it>#<something of its own>`. */
  id: string;
  /** The hyperty that added it. */
  reporter: string;
  /** JSON. */
  value: unknown;
}

/** Whether data is of a schema. */
export type Validity<T extends object> = (data: object) => data is T;

/** Whether a hyperty may observe and read an object. */
export type Authorise = (hyperty: string) => boolean | Promise<boolean>;

/** Events of what is reported, with the arguments of their listeners. */
export interface ReporterEvents {
  /** An invited hyperty accepted, which is not yet to say that it observes. */
  accepted: [hyperty: string];
  /** An invited hyperty refused, was not there (`not-found`), or did not answer within 15 seconds (`timeout`). */
  refused: [hyperty: string, error: HyperroomError];
  /** A hyperty observes from now on. */
  subscribed: [hyperty: string];
  /** A hyperty observes no longer. */
  unsubscribed: [hyperty: string];
  /** An observer added a child. */
  child: [child: Child];
}

/** What `Syncher.resume` needs to go on reporting: JSON. */
export interface SavedReporter<T extends object = object> {
  /** Tells it from a `SavedObserver`. */
  role: 'reporter';
  /** The newest version. */
  object: DataObject<T>;
  /** Who may observe. */
  invited: string[];
  /** Who does. */
  observers: string[];
}

/** A data object that this hyperty, and it alone, changes. `Syncher.create` makes one; it ends when it is deleted. */
export interface Reporter<T extends object = object> extends Emits<ReporterEvents>, AsyncDisposable {
  /** The object's address. */
  readonly url: string;
  /** The newest version, with what else is known of the object. */
  readonly object: DataObject<T>;
  /** `object.data`. */
  readonly data: T;
  /** `object.version`. */
  readonly version: number;
  /** The hyperties that have subscribed. */
  readonly observers: ReadonlySet<string>;
  /**
   * Sets what is at a dotted path inside `data`, to a copy of `value`. This and each of the following is one version,
   * and one message; they throw a `HyperroomError`, and nothing has changed: `bad-request` (not JSON, no such path, too
   * large: a message has at most 32 KiB) or `connection-lost`. What is changed without a socket reaches observers when there is one again.
   */
  update(attribute: string, value: unknown): void;
  /** Deletes the field at a dotted path, or takes the element `list.<index>` out of its array. */
  remove(attribute: string): void;
  /** Puts elements into an array, before `list.<index>`, or at its end. */
  insert(attribute: string, ...values: readonly unknown[]): void;
  /** Adds a child, JSON, that all observers hear of. Rejects with a `HyperroomError`: `forbidden`, `connection-lost`, `timeout` (15 seconds). */
  addChild(value: unknown): Promise<Child>;
  /** Invites hyperties: what becomes of it is told by `accepted` or `refused`, and `subscribed`. */
  invite(...hyperties: readonly string[]): void;
  /** What `Syncher.resume` needs to go on after a reload. */
  saved(): SavedReporter<T>;
  /** Deletes the object: its observers are told. So does the end of `await using`. Resolves when the server has taken note, within 2 seconds; rejects never. */
  delete(): Promise<void>;
}

/** How an object is observed. */
export interface ObserveOptions<T extends object> {
  /** Whether data is of the schema that is expected. Versions that are not are skipped. Default: everything is. */
  isValid?: Validity<T> | undefined;
  /** Milliseconds that a missing update may take before the whole object is read again. Default 2000: as long as a messaging node may take to start. */
  patience?: number | undefined;
}

/** How an object is subscribed to. */
export interface SubscribeOptions<T extends object> extends ObserveOptions<T> {
  /** Aborts the wait: it rejects with the signal's reason, and the object is not observed. */
  signal?: AbortSignal | undefined;
}

/** Events of what is observed, with the arguments of their listeners. */
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
  /** Tells it from a `SavedReporter`. */
  role: 'observer';
  /** The newest version that was known. */
  object: DataObject<T>;
}

/**
 * A data object that somebody else reports, kept at its newest version. `Syncher.subscribe` makes one; it ends when it is deleted, or
 * observed no longer.
 */
export interface Observer<T extends object = object> extends Emits<ObserverEvents<T>>, AsyncDisposable {
  /** The object's address. */
  readonly url: string;
  /** The newest version, with what else is known of the object. */
  readonly object: DataObject<T>;
  /** `object.data`. */
  readonly data: T;
  /** `object.version`. */
  readonly version: number;
  /** Whether it has stopped to listen. */
  readonly isClosed: boolean;
  /** Reads the object now, without waiting for a gap to show. Rejects never: a failure is told by `unreadable`. */
  refresh(): Promise<void>;
  /** Adds a child, JSON, that the reporter and all observers hear of. Rejects with a `HyperroomError`: `forbidden`, `connection-lost`, `timeout` (15 seconds). */
  addChild(value: unknown): Promise<Child>;
  /** What `Syncher.resume` needs to go on after a reload. */
  saved(): SavedObserver<T>;
  /** Observes no longer; so does the end of `await using`. Resolves when the reporter has taken note, within 2 seconds; rejects never. */
  unsubscribe(): Promise<void>;
}

/** A reporter wants this hyperty to observe an object. It waits 15 seconds for an answer. */
export interface Invitation {
  /** The object. */
  readonly url: string;
  /** The hyperty that reports it. */
  readonly reporter: string;
  /** The address of what describes its data. */
  readonly schema: string | undefined;
  /** What the registry lists it under. */
  readonly name: string | undefined;
  /** Accepts, and observes the object: as `Syncher.subscribe`. */
  accept<T extends object = object>(options?: SubscribeOptions<T>): Promise<Observer<T>>;
  /** Refuses, with a number that the reporter is told, as HTTP has them. Default 403. Throws `connection-lost`. */
  refuse(code?: number, description?: string): void;
}
