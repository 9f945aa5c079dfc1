import * as v from 'valibot';
import { DisplayName } from './room.ts';

/** What a token lets its bearer do. */
export const Grants = v.object({
  /** A room id, or a pattern with `*`. */
  room: v.string(),
  create: v.optional(v.boolean(), false),
  publish: v.optional(v.boolean(), true),
  subscribe: v.optional(v.boolean(), true),
});
export type Grants = v.InferOutput<typeof Grants>;

/** Claims of a Hyperroom token (a JWT, HS256). `sub` is the user's URL. */
export const TokenClaims = v.object({
  sub: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  name: v.optional(DisplayName),
  role: v.optional(v.picklist(['participant', 'media-node']), 'participant'),
  grants: v.optional(Grants),
});
export type TokenClaims = v.InferOutput<typeof TokenClaims>;

/** Whether a grant for `pattern` covers a room. */
export function coversRoom(pattern: string, roomId: string): boolean {
  const expression = pattern.split('*').map(escapeForRegExp).join('.*');
  return new RegExp(`^${expression}$`).test(roomId);
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.+?()[\]{}|]/g, '\\$&');
}
