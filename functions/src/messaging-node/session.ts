import {
  Code,
  coversRoom,
  type Grants,
  idOf,
  type Metadata,
  mayPublish,
  Refusal,
  type Source,
  TOKEN_EXPIRED,
  type TokenClaims,
} from '@hyperroom/protocol';
import type { RequestContext } from '../gateway-events.ts';

/** Who speaks on a connection: what the authorizer found out when it was opened. */
export interface Session {
  readonly connectionId: string;
  /** When its socket was opened, in milliseconds since the epoch. */
  readonly opened: number;
  readonly user: string;
  /** Nobody vouches for this user: he came without a token. */
  readonly anonymous: boolean;
  readonly name: string | undefined;
  /** What its participants' metadata are to begin with. */
  readonly metadata: Metadata;
  readonly role: TokenClaims['role'];
  readonly grants: Grants;
  /** Seconds since the epoch until which its token is good. Absent: it came without one. */
  readonly expires: number | undefined;
}

/** The authorizer's context: flat, for API Gateway carries only strings, numbers and booleans. */
export interface AuthorizerContext {
  readonly user: string;
  readonly name?: string;
  readonly metadata?: string;
  readonly role: TokenClaims['role'];
  readonly grants: string;
  /** A number where it is made; API Gateway hands it on as text. */
  readonly expires?: number | string;
}

const EVERYTHING: Grants = {
  room: '*',
  create: true,
  publish: true,
  subscribe: true,
  data: true,
  moderate: false,
};
const NOTHING: Grants = {
  room: '',
  create: false,
  publish: false,
  subscribe: false,
  data: false,
  moderate: false,
};

export function contextOf(claims: TokenClaims, expires: number): AuthorizerContext {
  return {
    user: claims.sub,
    role: claims.role,
    grants: JSON.stringify(claims.grants ?? NOTHING),
    expires,
    ...(claims.name !== undefined && { name: claims.name }),
    ...(claims.metadata && { metadata: JSON.stringify(claims.metadata) }),
  };
}

/** How the users of sessions without a token begin in a domain. */
export function anonymousIn(domain: string): string {
  return `user://${domain}/anonymous-`;
}

/** A session without a token: may use every room. Its user is as short-lived as its connection. */
export function anonymousContext(domain: string, id: string): AuthorizerContext {
  return { user: anonymousIn(domain) + id, role: 'participant', grants: JSON.stringify(EVERYTHING) };
}

/** A session of which nobody knows whose it is: it may use no room. */
export function unknownContext(domain: string, id: string): AuthorizerContext {
  return { ...anonymousContext(domain, id), grants: JSON.stringify(NOTHING) };
}

/** What all users begin with that are as anonymous as this one; undefined: a token tells who it is. */
export function anonymousPrefix(user: string): string | undefined {
  return /^user:\/\/[^/]+\/anonymous-/.exec(user)?.[0];
}

export function isAnonymous(user: string): boolean {
  return anonymousPrefix(user) !== undefined;
}

export function sessionOf(
  { connectionId, connectedAt }: Pick<RequestContext, 'connectionId' | 'connectedAt'>,
  context: AuthorizerContext,
): Session {
  return {
    connectionId,
    opened: connectedAt,
    user: context.user,
    anonymous: isAnonymous(context.user),
    name: context.name,
    role: context.role,
    // Both written by our authorizer alone.
    metadata: JSON.parse(context.metadata ?? '{}') as Metadata,
    grants: JSON.parse(context.grants) as Grants,
    expires: context.expires === undefined ? undefined : Number(context.expires),
  };
}

export interface WantedGrants {
  readonly create?: boolean;
  readonly publish?: readonly Source[];
  readonly data?: boolean;
}

/** Refuses what the session's grants do not cover. */
export function requireGrant({ grants }: Session, room: string, wanted: WantedGrants): void {
  if (!coversRoom(grants.room, idOf(room))) throw new Refusal(Code.forbidden, 'not allowed in this room');
  if (wanted.create && !grants.create) throw new Refusal(Code.forbidden, 'not allowed to create rooms');
  const refused = wanted.publish?.find((source) => !mayPublish(grants, source));
  if (refused) throw new Refusal(Code.forbidden, `not allowed to publish: ${refused}`);
  if (wanted.data && !grants.data) throw new Refusal(Code.forbidden, 'not allowed to send data');
}

/** The gateway checks a token once. What somebody begins later needs one that is still good. */
export function requireUnexpired({ expires }: Session, now: number): void {
  if (expires !== undefined && expires * 1000 <= now) throw new Refusal(Code.unauthorized, TOKEN_EXPIRED);
}
