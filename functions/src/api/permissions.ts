import { coversRoom, type Grants, mayPublish, type NewInvitation, Source } from '@hyperroom/protocol';
import { headerOf } from '../header.ts';
import type { Verdict } from '../tokens/verifier.ts';
import { Fault, type HttpEvent } from './http.ts';

export type Grant = 'create' | 'data' | 'moderate';

/** What the bearer of the request's token may do: it must be a back end. */
export async function grantsOf(event: HttpEvent, verify: (token: string) => Promise<Verdict>): Promise<Grants> {
  const [, token] = /^Bearer +(\S+)$/i.exec(headerOf(event.headers, 'authorization') ?? '') ?? [];
  if (!token) throw new Fault('unauthorized', 'a token is missing: authorization: Bearer <token>');
  const verdict = await verify(token);
  if (!verdict.ok) throw new Fault('unauthorized', verdict.reason);
  const { role, grants } = verdict.claims;
  if (role !== 'server') throw new Fault('forbidden', `only tokens of role server may do that, not of ${role}`);
  if (!grants) throw new Fault('forbidden', 'the token grants nothing');
  return grants;
}

export function requireRoom(grants: Grants, room: string): void {
  if (!coversRoom(grants.room, room)) throw new Fault('forbidden', 'the token does not cover this room');
}

export function requireGrant(grants: Grants, grant: Grant): void {
  if (!grants[grant]) throw new Fault('forbidden', `the token lacks the grant '${grant}'`);
}

/** Nobody can pass on what he has not. */
export function requireCovered(grants: Grants, invitation: NewInvitation): void {
  const excess = (['create', 'subscribe', 'data', 'moderate'] as const).find(
    (name) => invitation[name] && !grants[name],
  );
  if (excess) throw new Fault('forbidden', `the token lacks the grant '${excess}'`);
  const wanted = { ...grants, publish: invitation.publish };
  const source = Source.options.find((name) => mayPublish(wanted, name) && !mayPublish(grants, name));
  if (source) throw new Fault('forbidden', `the token does not grant publishing: ${source}`);
}
