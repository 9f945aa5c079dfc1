/** A token, or what gives one whenever a socket is opened. */
export type Token = string | (() => string | Promise<string>);

/** Where sockets are opened. */
export interface Destination {
  /** With a token that is good at the moment, as far as there are others. */
  url: () => string | Promise<string>;
  /** Milliseconds since the epoch from when on no socket will be opened there any more. */
  expires: number;
}

export function destinationOf(base: string, token: Token | undefined): Destination {
  const url = new URL(base);
  const withToken = (given: string) => {
    url.searchParams.set('token', given);
    return url.href;
  };
  if (typeof token === 'function') {
    return { url: async () => withToken(await token()), expires: Number.POSITIVE_INFINITY };
  }
  const href = token === undefined ? url.href : withToken(token);
  return { url: () => href, expires: expiryOf(token) };
}

/** As a token says of itself: what it does not say the server will. */
function expiryOf(token = ''): number {
  try {
    const [, payload = ''] = token.split('.');
    const { exp }: { exp?: unknown } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof exp === 'number' ? exp * 1_000 : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
