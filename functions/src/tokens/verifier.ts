import { TOKEN_EXPIRED } from '@hyperroom/protocol';
import { decodeProtectedHeader, errors } from 'jose';
import * as v from 'valibot';
import { setting } from '../environment.ts';
import { oidcVerifier } from './oidc.ts';
import { ALGORITHM, type Verified, verifyOwn } from './own.ts';

/** `reason` is for logs and for whoever brought the token: it never has the token in it. */
export type Verdict = ({ readonly ok: true } & Verified) | { readonly ok: false; readonly reason: string };

export interface Verifiers {
  readonly secret: () => Promise<string>;
  /** For the tokens of an OpenID provider, where there is one. */
  readonly oidc: ((token: string) => Promise<Verified>) | undefined;
}

/** Says whose a token is and what it allows, or why it is worth nothing. */
export function tokenVerifier({ secret, oidc }: Verifiers): (token: string) => Promise<Verdict> {
  return async (token) => {
    const own = await secret();
    try {
      // Our secret is for our algorithm alone, and a provider's public keys are never for it.
      const isOwn = !oidc || decodeProtectedHeader(token).alg === ALGORITHM;
      return { ok: true, ...(await (isOwn ? verifyOwn(token, own) : oidc(token))) };
    } catch (error) {
      return { ok: false, reason: reasonOf(error) };
    }
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return TOKEN_EXPIRED;
  if (v.isValiError(error)) return `${v.getDotPath(error.issues[0]) ?? 'the claims'}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

/** The verifier that the settings of the stack ask for. */
export function verifierOfSettings(secret: () => Promise<string>): (token: string) => Promise<Verdict> {
  const issuer = process.env.OIDC_ISSUER;
  return tokenVerifier({
    secret,
    oidc: issuer ? oidcVerifier({ issuer, audience: setting('OIDC_AUDIENCE'), domain: setting('DOMAIN') }) : undefined,
  });
}
