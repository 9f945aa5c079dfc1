import { NODE_KEY, TOKEN_EXPIRED } from '@hyperroom/protocol';
import { decodeProtectedHeader, errors, type ProtectedHeaderParameters } from 'jose';
import * as v from 'valibot';
import { setting } from '../environment.ts';
import { type Secret, secretReader } from '../secret.ts';
import { oidcVerifier } from './oidc.ts';
import { ALGORITHM, type Verified, verifyNode, verifyOwn } from './own.ts';

/** `reason` is for logs and for whoever brought the token: it never has the token in it. */
export type Verdict = ({ readonly ok: true } & Verified) | { readonly ok: false; readonly reason: string };

export interface Verifiers {
  readonly secret: Secret;
  /** Of the tokens that media nodes sign themselves, where they do. */
  readonly nodeSecret: Secret | undefined;
  /** For the tokens of an OpenID provider, where there is one. */
  readonly oidc: ((token: string) => Promise<Verified>) | undefined;
}

/** Says whose a token is and what it allows, or why it is worth nothing. Rejects only where a secret cannot be had. */
export function tokenVerifier({ secret, nodeSecret, oidc }: Verifiers): (token: string) => Promise<Verdict> {
  return async (token) => {
    const { alg, kid } = headerOf(token);
    // Our secrets are for our algorithm alone, and a provider's public keys are never for it.
    const isOurs = alg === ALGORITHM;
    if (isOurs && kid === NODE_KEY && nodeSecret) return judgeBy(nodeSecret, (value) => verifyNode(token, value));
    return isOurs || !oidc ? judgeBy(secret, (value) => verifyOwn(token, value)) : judge(oidc(token));
  };
}

async function judgeBy(secret: Secret, verify: (value: string) => Promise<Verified>): Promise<Verdict> {
  const value = await secret.value();
  return judge(verify(value).catch((failure: unknown) => verifyByVersions(failure, secret, verify)));
}

/** It may have been signed before the secret was replaced, or after that and before we have heard of it. */
async function verifyByVersions(
  failure: unknown,
  secret: Secret,
  verify: (value: string) => Promise<Verified>,
): Promise<Verified> {
  if (!isOfAnother(failure)) throw failure;
  for (const version of await secret.versions()) {
    try {
      return await verify(version);
    } catch (error) {
      if (!isOfAnother(error)) throw error;
    }
  }
  throw failure;
}

function isOfAnother(error: unknown): boolean {
  return error instanceof errors.JWSSignatureVerificationFailed;
}

/** What is no token has none: whoever verifies it says so. */
function headerOf(token: string): ProtectedHeaderParameters {
  try {
    return decodeProtectedHeader(token);
  } catch {
    return {};
  }
}

async function judge(verifying: Promise<Verified>): Promise<Verdict> {
  try {
    return { ok: true, ...(await verifying) };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return TOKEN_EXPIRED;
  if (v.isValiError(error)) return `${v.getDotPath(error.issues[0]) ?? 'the claims'}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

/** The verifier that the settings of the stack ask for. */
export function verifierOfSettings(secret: Secret): (token: string) => Promise<Verdict> {
  const issuer = process.env.OIDC_ISSUER;
  return tokenVerifier({
    secret,
    nodeSecret: process.env.NODE_SECRET_ARN ? secretReader('NODE_SECRET_ARN') : undefined,
    oidc: issuer ? oidcVerifier({ issuer, audience: setting('OIDC_AUDIENCE'), domain: setting('DOMAIN') }) : undefined,
  });
}
