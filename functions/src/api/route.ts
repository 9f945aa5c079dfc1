import { type ApiErrorCode, type Grants, issueText, RoomId } from '@hyperroom/protocol';
import * as v from 'valibot';
import type { Backend } from '../conference/backend.ts';
import { Fault, type HttpEvent, jsonOf } from './http.ts';
import type { Invite } from './invitations.ts';
import { type Grant, requireGrant, requireRoom } from './permissions.ts';

export interface Services {
  readonly backend: Backend;
  readonly invite: Invite;
}

/** A request whose sender may make it, and which says what its operation understands. */
export interface Call<Body, Query> extends Services {
  readonly grants: Grants;
  /** Ids of the path; empty where it has none. */
  readonly room: string;
  readonly participant: string;
  readonly body: Body;
  readonly query: Query;
}

interface Description<Body, Query, Answer> {
  /** What it takes, beside a token that covers the room. */
  readonly grant?: Grant;
  readonly body?: v.GenericSchema<unknown, Body>;
  readonly query?: v.GenericSchema<unknown, Query>;
  readonly status: 200 | 201 | 204;
  /** With 204 there is none. */
  readonly answer?: v.GenericSchema<unknown, Answer>;
  /** What it may be refused with, beside what every request may be. */
  readonly errors: readonly ApiErrorCode[];
}

export interface Route extends Description<unknown, unknown, unknown> {
  respond(event: HttpEvent, grants: Grants, services: Services): Promise<unknown>;
}

/** One route of the API: what it takes and gives, for the document, and what it does. */
export function route<Body, Query, Answer>(
  description: Description<Body, Query, Answer>,
  run: (call: Call<Body, Query>) => Promise<NoInfer<Answer>>,
): Route {
  const { grant, body, query } = description;
  return {
    ...description,
    async respond(event, grants, services) {
      const { room = '', participant = '' } = event.pathParameters ?? {};
      if ('room' in (event.pathParameters ?? {})) requireRoom(grants, expected(RoomId, room));
      if (grant) requireGrant(grants, grant);
      // Where there is no schema nothing is known of what there might be.
      return run({
        ...services,
        grants,
        room,
        participant,
        body: body && expected(body, jsonOf(event)),
        query: query && expected(query, event.queryStringParameters ?? {}),
      } as Call<Body, Query>);
    },
  };
}

function expected<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new Fault('bad-request', issueText(parsed.issues[0]));
}
