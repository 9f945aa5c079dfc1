import { createHmac } from 'node:crypto';
import type { IceServer } from '@hyperroom/protocol';

/** A TURN server, and the secret that it shares with whoever gives out its credentials. */
export interface TurnServer {
  /** `turn:…` or `turns:…`: the ways to the same server. */
  readonly urls: readonly string[];
  readonly secret: string;
}

/** Seconds: a call may last a working day, and each offer is answered with fresh ones. */
const LIFETIME = 24 * 3600;

/**
 * What a participant is given to use the server with from `now` (milliseconds) on, as coturn's `use-auth-secret` takes it: a name that
 * says until when, and its signature for a password.
 */
export function iceServersFor({ urls, secret }: TurnServer, participant: string, now: number): IceServer[] {
  const username = `${Math.floor(now / 1_000) + LIFETIME}:${participant}`;
  const credential = createHmac('sha1', secret).update(username).digest('base64');
  return [{ urls: [...urls], username, credential }];
}
