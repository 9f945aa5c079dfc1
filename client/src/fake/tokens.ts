import {
  type AuthorizerContext,
  anonymousContext,
  contextOf,
} from '@hyperroom/functions/src/messaging-node/session.ts';
import { TokenClaims } from '@hyperroom/protocol';
import * as v from 'valibot';
import type { FakeTokenOptions } from './types.ts';

/** Looks like a JWT, and is signed by nobody: a fake server believes it. */
export function fakeToken(domain: string, options: FakeTokenOptions): string {
  const { user, name, metadata, seconds = 3_600, room = '*', ...grants } = options;
  const claims = {
    sub: `user://${domain}/${user}`,
    exp: Math.floor(Date.now() / 1_000) + seconds,
    ...(name !== undefined && { name }),
    ...(metadata && { metadata }),
    grants: { room, ...grants },
  };
  return `fake.${btoa(JSON.stringify(claims))}.unsigned`;
}

/** Whose a socket is; undefined: its token is no longer good, or none. */
export function contextFrom(url: URL, domain: string, connectionId: string): AuthorizerContext | undefined {
  const token = url.searchParams.get('token');
  if (token === null) return anonymousContext(domain, connectionId);
  try {
    const { exp, ...claims }: { exp: number } = JSON.parse(atob(token.split('.')[1] ?? ''));
    return exp * 1_000 > Date.now() ? contextOf(v.parse(TokenClaims, claims), exp) : undefined;
  } catch {
    return undefined;
  }
}
