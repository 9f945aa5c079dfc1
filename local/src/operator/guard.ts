import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What a page has to say before anything is broken on its behalf. It is in our own page, which no other origin can read. */
export const TOKEN_HEADER = 'x-operator-token';

/**
 * Whether a request was meant for this server. A name that somebody else's DNS points at 127.0.0.1 is not ours, or that
 * name's pages could read all there is here.
 */
export function isForUs({ headers }: Pick<IncomingMessage, 'headers'>, port: number): boolean {
  return hostsOf(port).includes(headers.host ?? '');
}

/** Whether it comes from our page: from its origin, and with the token that is in it. */
export function isFromOurPage({ headers }: Pick<IncomingMessage, 'headers'>, port: number, token: string): boolean {
  const origins = hostsOf(port).map((host) => `http://${host}`);
  const site = headers['sec-fetch-site'] ?? 'same-origin';
  return origins.includes(headers.origin ?? '') && site === 'same-origin' && isSame(headers[TOKEN_HEADER], token);
}

function hostsOf(port: number): string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}

function isSame(given: string | string[] | undefined, token: string): boolean {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
