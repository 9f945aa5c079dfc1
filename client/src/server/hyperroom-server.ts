import * as schemas from '@hyperroom/protocol';
import * as v from 'valibot';
import type { DataMessage, MetadataChanges, Role, RoomChanges, RoomOptions, Source } from '../types.ts';
import { call, type HttpRequest } from './http.ts';
import { mintToken, type TokenSubject } from './token.ts';
import type { CallOptions, Invitation, NewData, Participant, Participants, Room } from './types.ts';

/** Of `new HyperroomServer`. */
export type HyperroomServerOptions = {
  /** Of the HTTP API: the stack's output `HttpApiUrl`. */
  url: string;
} & (
  | {
      /** The secret that the deployment checks tokens with: each call brings a token of its own. */
      secret: string;
    }
  | {
      /** A token of role `server`. */
      token: string;
    }
);

/** Of calls that those concerned are told of. */
export interface ReasonOptions extends CallOptions {
  /** What those concerned are told. */
  reason?: string;
}

/** Whatever is given changes. */
export interface ParticipantChanges {
  role?: Role;
  /** All that is blocked from now on. */
  blocked?: readonly Source[];
  /** Null deletes a key. */
  metadata?: MetadataChanges;
}

const Nothing = v.undefined();

/** Seconds that the token of one call lasts: clocks may differ. */
const CALL_TOKEN_LIFETIME = 300;

/**
 * The rooms of a deployment, for a back end.
 *
 * Each call rejects with a `HyperroomError`: `bad-request`, `unauthorized`, `forbidden`, `not-found`, `conflict`, `too-fast`,
 * `server-error`, `connection-refused`, `timeout` (30 seconds), `protocol-error`; or with the reason of its `signal`.
 */
export class HyperroomServer {
  readonly #url: URL;
  readonly #token: () => Promise<string>;

  constructor(options: HyperroomServerOptions) {
    this.#url = new URL(options.url);
    this.#token = 'token' in options ? async () => options.token : () => callToken(options.secret);
  }

  /** All rooms, read as they are asked for, `limit` at a time. */
  async *listRooms({ limit, signal }: CallOptions & { limit?: number } = {}): AsyncGenerator<Room, void, void> {
    let cursor: string | undefined;
    do {
      const page = await this.#call(schemas.RoomsPage, {
        method: 'GET',
        path: ['rooms'],
        query: { limit, cursor },
        signal,
      });
      yield* page.rooms;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  /** `conflict` if there is such a room. */
  createRoom(id: string, options: RoomOptions = {}, { signal }: CallOptions = {}): Promise<Room> {
    return this.#call(schemas.Room, { method: 'POST', path: ['rooms'], body: { id, options }, signal });
  }

  /** `not-found` if there is no such room. */
  getRoom(id: string, { signal }: CallOptions = {}): Promise<Room> {
    return this.#call(schemas.Room, { method: 'GET', path: ['rooms', id], signal });
  }

  /** Changes what is given; those in the room see it at once. */
  updateRoom(id: string, changes: RoomChanges, { signal }: CallOptions = {}): Promise<Room> {
    return this.#call(schemas.Room, { method: 'PATCH', path: ['rooms', id], body: changes, signal });
  }

  /** Everybody in it is dismissed. */
  endRoom(id: string, { reason, signal }: ReasonOptions = {}): Promise<void> {
    return this.#call(Nothing, { method: 'DELETE', path: ['rooms', id], query: { reason }, signal });
  }

  /** Who is in a room, and who waits to be admitted. */
  listParticipants(room: string, { signal }: CallOptions = {}): Promise<Participants> {
    return this.#call(schemas.Participants, { method: 'GET', path: ['rooms', room, 'participants'], signal });
  }

  /** `not-found` if there is no such participant. */
  getParticipant(room: string, participant: string, { signal }: CallOptions = {}): Promise<Participant> {
    return this.#call(schemas.Participant, { method: 'GET', path: participantPath(room, participant), signal });
  }

  /** Changes what is given: what is blocked is silent, or black, from now on. */
  updateParticipant(
    room: string,
    participant: string,
    changes: ParticipantChanges,
    { signal }: CallOptions = {},
  ): Promise<Participant> {
    const path = participantPath(room, participant);
    return this.#call(schemas.Participant, { method: 'PATCH', path, body: changes, signal });
  }

  /** Out of the room, for as long as that lasts. */
  removeParticipant(room: string, participant: string, { reason, signal }: ReasonOptions = {}): Promise<void> {
    const path = participantPath(room, participant);
    return this.#call(Nothing, { method: 'DELETE', path, query: { reason }, signal });
  }

  /** Lets somebody in who waits. */
  admit(room: string, participant: string, { signal }: CallOptions = {}): Promise<void> {
    return this.#call(Nothing, { method: 'POST', path: ['rooms', room, 'waiting', participant], signal });
  }

  /** Sends somebody away who waits. */
  refuse(room: string, participant: string, { reason, signal }: ReasonOptions = {}): Promise<void> {
    const path = ['rooms', room, 'waiting', participant];
    return this.#call(Nothing, { method: 'DELETE', path, query: { reason }, signal });
  }

  /** A token for one room, made by the deployment: for back ends that have a token in place of the secret. */
  inviteParticipant(room: string, invitation: TokenSubject, { signal }: CallOptions = {}): Promise<Invitation> {
    const path = ['rooms', room, 'participants'];
    return this.#call(schemas.Invitation, { method: 'POST', path, body: invitation, signal });
  }

  /** Sends to those in a room; it has no sender there. */
  sendData(room: string, message: NewData, { signal }: CallOptions = {}): Promise<DataMessage> {
    return this.#call(schemas.DataMessage, { method: 'POST', path: ['rooms', room, 'data'], body: message, signal });
  }

  async #call<Schema extends v.GenericSchema>(schema: Schema, request: HttpRequest): Promise<v.InferOutput<Schema>> {
    request.signal?.throwIfAborted();
    return call(schema, this.#url, await this.#token(), request);
  }
}

function participantPath(room: string, participant: string): string[] {
  return ['rooms', room, 'participants', participant];
}

function callToken(secret: string): Promise<string> {
  const grants = { room: '*', create: true, moderate: true };
  return mintToken({ secret, user: 'back-end', role: 'server', ...grants, expiresIn: CALL_TOKEN_LIFETIME });
}
