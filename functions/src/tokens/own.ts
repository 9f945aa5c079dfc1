import { NODE_KEY, TokenClaims } from '@hyperroom/protocol';
import { jwtVerify, SignJWT } from 'jose';
import * as v from 'valibot';

/* The tokens that are signed with the stack's own secrets: one for everybody, one that media nodes sign with. */

export const ALGORITHM = 'HS256';

export interface Verified {
  readonly claims: TokenClaims;
  /** Seconds since the epoch until which the token is good. */
  readonly expires: number;
}

const keyOf = (secret: string) => new TextEncoder().encode(secret);

/** Throws what is wrong with a token. */
export async function verifyOwn(token: string, secret: string): Promise<Verified> {
  const { payload } = await jwtVerify<{ exp: number }>(token, keyOf(secret), {
    algorithms: [ALGORITHM],
    requiredClaims: ['exp', 'sub'],
  });
  return { claims: v.parse(TokenClaims, payload), expires: payload.exp };
}

/** As `verifyOwn`, with the secret that every media host can read: it makes nobody anything but a media node. */
export async function verifyNode(token: string, secret: string): Promise<Verified> {
  const verified = await verifyOwn(token, secret);
  const { role, grants } = verified.claims;
  if (role !== 'media-node' || grants) throw new Error(`the key ${NODE_KEY} is for media nodes, which have no grants`);
  return verified;
}

export function signOwn({ claims: { sub, ...others }, expires }: Verified, secret: string): Promise<string> {
  return new SignJWT(others)
    .setProtectedHeader({ alg: ALGORITHM })
    .setSubject(sub)
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(keyOf(secret));
}
