import { randomUUID } from 'node:crypto';

/** Subscriptions by object and session. One session hears an event once, however often it subscribed to it. */
export class Subscriptions {
  private readonly byObject = new Map<string, Map<string, Map<string, string>>>();

  add(sessionId: string, objectId: string, eventType: string): string {
    const sessions = this.byObject.get(objectId) ?? new Map<string, Map<string, string>>();
    const types = sessions.get(sessionId) ?? new Map<string, string>();
    const id = randomUUID();
    this.byObject.set(objectId, sessions.set(sessionId, types.set(id, eventType)));
    return id;
  }

  remove(sessionId: string, objectId: string, subscriptionId: string): void {
    this.byObject.get(objectId)?.get(sessionId)?.delete(subscriptionId);
  }

  forget(sessionId: string, objectId: string): void {
    const sessions = this.byObject.get(objectId);
    sessions?.delete(sessionId);
    if (sessions?.size === 0) this.byObject.delete(objectId);
  }

  subscribers(objectId: string, eventType: string): string[] {
    const sessions = this.byObject.get(objectId) ?? new Map<string, Map<string, string>>();
    return [...sessions].flatMap(([sessionId, types]) => ([...types.values()].includes(eventType) ? [sessionId] : []));
  }
}
