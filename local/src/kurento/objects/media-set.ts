import { eventNotSupported, invalidSession, objectNotFound } from '../rpc/errors.ts';
import type { JsonObject } from '../rpc/json.ts';
import { eventParams } from './event.ts';
import type { MediaObject, ObjectHost } from './media-object.ts';
import { Subscriptions } from './subscriptions.ts';

export type DeliverEvent = (sessionId: string, params: JsonObject) => void;

interface Session {
  readonly objects: Set<MediaObject>;
  /** Whether anything spoke for the session since the collector's last round. */
  inUse: boolean;
}

/**
 * All media objects and the sessions that hold them. An object lives as long as some session holds it;
 * a session that nobody speaks for during a whole round of the collector lets go of all it holds.
 */
export class MediaSet implements ObjectHost {
  readonly now: () => number;
  private readonly deliver: DeliverEvent;
  private readonly objects = new Map<string, MediaObject>();
  private readonly holders = new Map<MediaObject, Set<string>>();
  private readonly children = new Map<MediaObject, Set<MediaObject>>();
  private readonly sessions = new Map<string, Session>();
  private readonly subscriptions = new Subscriptions();
  private root: MediaObject | undefined;

  constructor(deliver: DeliverEvent, now: () => number) {
    this.deliver = deliver;
    this.now = now;
  }

  /** The ServerManager: nobody needs to hold it, and nobody can release it. */
  setRoot(root: MediaObject): void {
    this.root = root;
    this.objects.set(root.id, root);
    this.holders.set(root, new Set());
  }

  add(object: MediaObject, sessionId: string): void {
    this.objects.set(object.id, object);
    this.holders.set(object, new Set());
    if (object.parent) this.children.get(object.parent)?.add(object);
    this.children.set(object, new Set());
    this.hold(sessionId, object);
    if (this.root) this.emit(this.root, 'ObjectCreated', { object: object.id });
  }

  find(id: string): MediaObject {
    const object = this.objects.get(id);
    if (!object) throw objectNotFound(id);
    return object;
  }

  /** Finds an object for a session, which thereby holds it: any session that touches an object keeps it. */
  use(sessionId: string, id: string): MediaObject {
    const object = this.find(id);
    this.hold(sessionId, object);
    return object;
  }

  hold(sessionId: string, object: MediaObject): void {
    const session = this.sessions.get(sessionId) ?? { objects: new Set<MediaObject>(), inUse: true };
    session.inUse = true;
    this.sessions.set(sessionId, session);
    if (object.parent) this.hold(sessionId, object.parent);
    session.objects.add(object);
    this.holders.get(object)?.add(sessionId);
  }

  unref(sessionId: string, id: string): void {
    const object = this.objects.get(id);
    if (object) this.letGo(sessionId, object);
  }

  release(id: string): void {
    const object = this.objects.get(id);
    if (!object) return;
    for (const sessionId of [...(this.holders.get(object) ?? [])]) this.letGo(sessionId, object);
  }

  keepAlive(sessionId: string): void {
    if (!this.keepAliveIfKnown(sessionId)) throw invalidSession();
  }

  keepAliveIfKnown(sessionId: string): boolean {
    const session = this.sessions.get(sessionId);
    if (session) session.inUse = true;
    return session !== undefined;
  }

  /** Ends a session; with `release` its objects go even if others hold them too. */
  endSession(sessionId: string, release: boolean): void {
    for (const object of [...(this.sessions.get(sessionId)?.objects ?? [])]) {
      if (release) this.release(object.id);
      else this.letGo(sessionId, object);
    }
    this.sessions.delete(sessionId);
  }

  /** One round of the collector. */
  collect(): void {
    for (const [sessionId, session] of [...this.sessions]) {
      if (session.inUse) session.inUse = false;
      else this.endSession(sessionId, false);
    }
  }

  subscribe(sessionId: string, objectId: string, eventType: string): string {
    const object = this.use(sessionId, objectId);
    if (!object.type.events.includes(eventType)) throw eventNotSupported(eventType);
    return this.subscriptions.add(sessionId, objectId, eventType);
  }

  unsubscribe(sessionId: string, objectId: string, subscriptionId: string): void {
    this.subscriptions.remove(sessionId, objectId, subscriptionId);
  }

  emit(source: MediaObject, type: string, data: JsonObject): void {
    const subscribers = this.subscriptions.subscribers(source.id, type);
    if (subscribers.length === 0) return;
    const params = eventParams(source, type, data, this.now());
    for (const sessionId of subscribers) this.deliver(sessionId, params);
  }

  childrenOf(object: MediaObject): MediaObject[] {
    return sortById(this.children.get(object) ?? []);
  }

  all(): MediaObject[] {
    return sortById(this.objects.values());
  }

  sessionIds(): string[] {
    return [...this.sessions.keys()];
  }

  /** Lets one session go of an object and of its children; the last to go destroys it. */
  private letGo(sessionId: string, object: MediaObject): void {
    if (!this.sessions.get(sessionId)?.objects.delete(object)) return;
    for (const child of this.childrenOf(object)) this.letGo(sessionId, child);
    this.subscriptions.forget(sessionId, object.id);
    const holders = this.holders.get(object);
    holders?.delete(sessionId);
    if (holders?.size === 0 && object !== this.root) this.destroy(object);
  }

  private destroy(object: MediaObject): void {
    if (object.parent) this.children.get(object.parent)?.delete(object);
    this.children.delete(object);
    this.holders.delete(object);
    this.objects.delete(object.id);
    object.close();
    if (this.root) this.emit(this.root, 'ObjectDestroyed', { objectId: object.id });
  }
}

function sortById(objects: Iterable<MediaObject>): MediaObject[] {
  return [...objects].sort((a, b) => (a.id < b.id ? -1 : 1));
}
