import * as schemas from '@hyperroom/protocol';
import { SignJWT } from 'jose';
import * as v from 'valibot';
import type { Source } from '../types.ts';
import { checked } from './checked.ts';
import type { TokenClaims, TokenRole } from './types.ts';

/** Seconds that a token is good for unless said otherwise: a long meeting. */
const SIX_HOURS = 6 * 3600;

/** Who somebody is, and what it may do. */
export interface TokenSubject {
  /** The user, preferably as a URL: `user://example.org/ada`. The same user in a room twice is one person. */
  user: string;
  /** What others see, whatever name it joins with. */
  name?: string;
  /** What its participant's metadata are to begin with. */
  metadata?: Readonly<Record<string, string>>;
  /** It may create the room by joining. Default false. */
  create?: boolean;
  /** Everything, nothing, or what comes from these sources. Default true. */
  publish?: boolean | readonly Source[];
  /** It receives the media of others. Default true. */
  subscribe?: boolean;
  /** It may send chat and application data. Default true. */
  data?: boolean;
  /** It is a moderator. Default false. */
  moderate?: boolean;
  /** Seconds that it may be used. Default: 6 hours. */
  expiresIn?: number;
}

export interface TokenOptions extends TokenSubject {
  /** The secret that the deployment checks tokens with. */
  secret: string;
  /** The room that the token is good for: its id, or a pattern in which `*` stands for anything. */
  room: string;
  /** `server`: for the HTTP API; `media-node`: for a media agent. Default `participant`. */
  role?: TokenRole;
}

const NewToken = v.object({
  secret: v.pipe(v.string(), v.minLength(1)),
  room: v.pipe(v.string(), v.regex(/^[A-Za-z0-9._~*-]{1,128}$/, 'a room id, or a pattern with *')),
  expiresIn: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), SIX_HOURS),
});

/** Makes a token. Rejects with a `HyperroomError`: `bad-request`, naming what is wrong with the options. */
export async function mintToken(options: TokenOptions): Promise<string> {
  const { secret, room, expiresIn } = checked(NewToken, options);
  const { user: sub, name, metadata, role } = options;
  const { create, publish, subscribe, data, moderate } = options;
  const grants = checked(schemas.Grants, { room, create, publish, subscribe, data, moderate });
  return signToken(checked(schemas.TokenClaims, { sub, name, metadata, role, grants }), secret, expiresIn);
}

/** Signs claims as they are, for `seconds`. */
export function signToken({ sub, ...claims }: TokenClaims, secret: string, seconds: number): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setIssuedAt()
    .setExpirationTime(`${seconds}s`)
    .sign(new TextEncoder().encode(secret));
}
