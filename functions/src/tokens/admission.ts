import { randomUUID } from 'node:crypto';
import { allowAnonymous, setting } from '../environment.ts';
import { type AuthorizerContext, anonymousContext, contextOf } from '../messaging-node/session.ts';
import type { Verdict } from './verifier.ts';

/** Who comes in, or why nobody does. */
export type Admission = { readonly admitted: AuthorizerContext } | { readonly denied: string };

/** Who may connect: says who comes in with a token, or without one where that is allowed. */
export function admission(verify: (token: string) => Promise<Verdict>): (token?: string) => Promise<Admission> {
  return async (token) => {
    if (!token) {
      return allowAnonymous()
        ? { admitted: anonymousContext(setting('DOMAIN'), randomUUID()) }
        : { denied: 'no token' };
    }
    const verdict = await verify(token);
    return verdict.ok ? { admitted: contextOf(verdict.claims, verdict.expires) } : { denied: verdict.reason };
  };
}
