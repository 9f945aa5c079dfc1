import type { TokenClaims } from '@hyperroom/protocol';
import { SignJWT } from 'jose';

/** The secret of every local stack: its tokens are worth nothing elsewhere. */
export const DEVELOPMENT_SECRET = 'hyperroom-development-secret-of-every-local-stack';

/** Signs a token that the stack's authorizer accepts for `seconds`. */
export function signToken(claims: TokenClaims, secret: string, seconds: number): Promise<string> {
  const { sub, ...others } = claims;
  return new SignJWT(others)
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setIssuedAt()
    .setExpirationTime(`${seconds}s`)
    .sign(new TextEncoder().encode(secret));
}
