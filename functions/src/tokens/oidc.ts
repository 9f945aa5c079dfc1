import { Grants, MAX_NAME_LENGTH, Metadata, TokenClaims } from '@hyperroom/protocol';
import { createRemoteJWKSet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as v from 'valibot';
import type { Verified } from './own.ts';

/* The tokens of an OpenID provider: it says who somebody is, and with the claim `hyperroom` what he may do here. */

export interface OidcOptions {
  readonly issuer: string;
  readonly audience: string;
  /** The domain of the users' URLs. */
  readonly domain: string;
}

/** Only those whose verification takes no secret: with others everybody could sign who has the provider's public key. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

/** Milliseconds for each of the two requests that the first token takes: the authorizer has five seconds. */
const REQUEST_TIMEOUT = 2_000;

const Discovery = v.object({ issuer: v.string(), jwks_uri: v.string() });

const OidcClaims = v.object({
  sub: v.pipe(v.string(), v.minLength(1)),
  name: v.optional(v.string()),
  hyperroom: v.optional(v.object({ grants: v.optional(Grants), metadata: v.optional(Metadata) }), {}),
});

const GRANTS_OF_USERS: Grants = {
  room: '*',
  create: true,
  publish: true,
  subscribe: true,
  data: true,
  moderate: false,
};

/** Verifies tokens of one provider. What is wrong with one is thrown. */
export function oidcVerifier({ issuer, audience, domain }: OidcOptions): (token: string) => Promise<Verified> {
  requireSafe(issuer);
  let keys: Promise<JWTVerifyGetKey> | undefined;

  /** The provider's keys: found once for each sandbox, and read again when a token has one that is not among them. */
  function findKeys(): Promise<JWTVerifyGetKey> {
    keys ??= discover(issuer).catch((error: unknown) => {
      keys = undefined;
      throw error;
    });
    return keys;
  }

  return async (token) => {
    const { payload } = await jwtVerify<{ exp: number }>(token, await findKeys(), {
      algorithms: ALGORITHMS,
      issuer,
      audience,
      requiredClaims: ['exp', 'sub'],
    });
    return { claims: claimsOf(payload, domain), expires: payload.exp };
  };
}

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(REQUEST_TIMEOUT) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  const found = v.parse(Discovery, await response.json());
  if (found.issuer !== issuer) throw new Error(`${url} is of another issuer: ${found.issuer}`);
  requireSafe(found.jwks_uri);
  return createRemoteJWKSet(new URL(found.jwks_uri), { timeoutDuration: REQUEST_TIMEOUT });
}

/** Keys that come over plain HTTP may be anybody's, unless they come from this very machine. */
function requireSafe(address: string): void {
  const { protocol, hostname } = new URL(address);
  const isLocal = hostname === 'localhost' || hostname === '127.0.0.1';
  if (protocol !== 'https:' && !(protocol === 'http:' && isLocal)) {
    throw new Error(`${address} does not begin with https`);
  }
}

/** Its subject is a user of our domain, and never more than a participant: that takes our own secret. */
function claimsOf(payload: JWTPayload, domain: string): TokenClaims {
  const { sub, name = '', hyperroom } = v.parse(OidcClaims, payload);
  return v.parse(TokenClaims, {
    sub: `user://${domain}/${encodeURIComponent(sub)}`,
    // A provider's names may be longer than ours, or empty: neither is a reason to keep somebody out.
    name: name.trim().slice(0, MAX_NAME_LENGTH) || undefined,
    role: 'participant',
    grants: hyperroom.grants ?? GRANTS_OF_USERS,
    metadata: hyperroom.metadata,
  });
}
