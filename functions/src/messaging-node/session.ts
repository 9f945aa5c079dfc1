import { Code, coversRoom, type Grants, idOf, Refusal, type TokenClaims } from '@hyperroom/protocol';

/** Who speaks on a connection: what the authorizer found out when it was opened. */
export interface Session {
  readonly connectionId: string;
  readonly user: string;
  /** Nobody vouches for this user: he came without a token. */
  readonly anonymous: boolean;
  readonly name: string | undefined;
  readonly role: TokenClaims['role'];
  readonly grants: Grants;
}

/** The authorizer's context: flat, for API Gateway carries only strings, numbers and booleans. */
export interface AuthorizerContext {
  readonly user: string;
  readonly name?: string;
  readonly role: TokenClaims['role'];
  readonly grants: string;
}

const EVERYTHING: Grants = { room: '*', create: true, publish: true, subscribe: true };
const NOTHING: Grants = { room: '', create: false, publish: false, subscribe: false };

export function contextOf(claims: TokenClaims): AuthorizerContext {
  return {
    user: claims.sub,
    role: claims.role,
    grants: JSON.stringify(claims.grants ?? NOTHING),
    ...(claims.name !== undefined && { name: claims.name }),
  };
}

/** A session without a token: may use every room. Its user is as short-lived as its connection. */
export function anonymousContext(domain: string, id: string): AuthorizerContext {
  return { user: `user://${domain}/anonymous-${id}`, role: 'participant', grants: JSON.stringify(EVERYTHING) };
}

export function isAnonymous(user: string): boolean {
  return /^user:\/\/[^/]+\/anonymous-/.test(user);
}

export function sessionOf(connectionId: string, context: AuthorizerContext): Session {
  return {
    connectionId,
    user: context.user,
    anonymous: isAnonymous(context.user),
    name: context.name,
    role: context.role,
    // Written by our authorizer alone.
    grants: JSON.parse(context.grants) as Grants,
  };
}

/** Refuses what the session's grants do not cover. */
export function requireGrant(session: Session, room: string, wanted: { create?: boolean; publish?: boolean }): void {
  const { grants } = session;
  if (!coversRoom(grants.room, idOf(room))) throw new Refusal(Code.forbidden, 'not allowed in this room');
  if (wanted.create && !grants.create) throw new Refusal(Code.forbidden, 'not allowed to create rooms');
  if (wanted.publish && !grants.publish) throw new Refusal(Code.forbidden, 'not allowed to publish');
}
