import * as v from 'valibot';
import { DisplayName, Metadata } from './room.ts';
import { Source } from './source.ts';

/** What a token lets its bearer do. */
export const Grants = v.object({
  /** A room id, or a pattern with `*`. */
  room: v.string(),
  create: v.optional(v.boolean(), false),
  /** Everything, nothing, or what comes from these sources. */
  publish: v.optional(v.union([v.boolean(), v.array(Source)]), true),
  subscribe: v.optional(v.boolean(), true),
  /** Sending chat and application data. */
  data: v.optional(v.boolean(), true),
  /** Is a moderator of the rooms it joins; as a back end, of all that `room` covers. */
  moderate: v.optional(v.boolean(), false),
});
export type Grants = v.InferOutput<typeof Grants>;

/** `server`: a back end, which uses the HTTP API. */
export const TokenRole = v.picklist(['participant', 'media-node', 'server']);
export type TokenRole = v.InferOutput<typeof TokenRole>;

/** The key (`kid`) of tokens signed with the media nodes' own secret, which is good for no other role. */
export const NODE_KEY = 'media-node';

/** Claims of a Hyperroom token: a JWT. `sub` is the user's URL. */
export const TokenClaims = v.object({
  sub: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  name: v.optional(DisplayName),
  /** What its participant's metadata are to begin with. */
  metadata: v.optional(Metadata),
  role: v.optional(TokenRole, 'participant'),
  grants: v.optional(Grants),
});
export type TokenClaims = v.InferOutput<typeof TokenClaims>;

/** Whether a grant for `pattern` covers a room. */
export function coversRoom(pattern: string, roomId: string): boolean {
  const expression = pattern.split('*').map(escapeForRegExp).join('.*');
  return new RegExp(`^${expression}$`).test(roomId);
}

/** Whether a grant lets its bearer publish a source. */
export function mayPublish({ publish }: Grants, source: Source): boolean {
  return Array.isArray(publish) ? publish.includes(source) : publish;
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.+?()[\]{}|]/g, '\\$&');
}
