import type { RequestId, RpcReply } from './envelope.ts';

/** Kurento's REQUEST_TIMEOUT. */
const LIFETIME_MS = 20_000;

/**
 * Kurento answers a request id that it has seen in the session with the first reply, whatever the new
 * request asks. Clients rely on it to retry safely, and trip over it when they restart their numbering.
 */
export class ReplyCache {
  private readonly entries = new Map<string, { readonly reply: RpcReply; readonly expires: number }>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  find(sessionId: string, id: RequestId): RpcReply | undefined {
    this.dropExpired();
    return this.entries.get(keyOf(sessionId, id))?.reply;
  }

  add(sessionId: string, id: RequestId, reply: RpcReply): void {
    const key = keyOf(sessionId, id);
    if (!this.entries.has(key)) this.entries.set(key, { reply, expires: this.now() + LIFETIME_MS });
  }

  private dropExpired(): void {
    const now = this.now();
    for (const [key, { expires }] of this.entries) {
      if (expires > now) return; // entries are in the order of their expiry
      this.entries.delete(key);
    }
  }
}

const keyOf = (sessionId: string, id: RequestId) => `${sessionId}|${id}`;
