import {
  type DataBody,
  DataMessage,
  Invitation,
  type MetadataChanges,
  Participant,
  Participants,
  type Role,
  Room,
  type RoomChanges,
  type RoomOptions,
  RoomsPage,
  type Source,
} from '@hyperroom/protocol';
import * as v from 'valibot';
import { type CallOptions, call, type HttpRequest } from './http.ts';
import { mintToken, type TokenSubject } from './token.ts';

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

/** A message to send: `to` are ids of participants, absent: everyone. */
export type NewData = DataBody['value'];

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
      const page = await this.#call(RoomsPage, { method: 'GET', path: ['rooms'], query: { limit, cursor }, signal });
      yield* page.rooms;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  /** `conflict` if there is such a room. */
  createRoom(id: string, options: RoomOptions = {}, { signal }: CallOptions = {}): Promise<Room> {
    return this.#call(Room, { method: 'POST', path: ['rooms'], body: { id, options }, signal });
  }

  getRoom(id: string, { signal }: CallOptions = {}): Promise<Room> {
    return this.#call(Room, { method: 'GET', path: ['rooms', id], signal });
  }

  updateRoom(id: string, changes: RoomChanges, { signal }: CallOptions = {}): Promise<Room> {
    return this.#call(Room, { method: 'PATCH', path: ['rooms', id], body: changes, signal });
  }

  /** Everybody in it is dismissed. */
  endRoom(id: string, { reason, signal }: ReasonOptions = {}): Promise<void> {
    return this.#call(Nothing, { method: 'DELETE', path: ['rooms', id], query: { reason }, signal });
  }

  /** Who is in a room, and who waits to be admitted. */
  listParticipants(room: string, { signal }: CallOptions = {}): Promise<Participants> {
    return this.#call(Participants, { method: 'GET', path: ['rooms', room, 'participants'], signal });
  }

  getParticipant(room: string, participant: string, { signal }: CallOptions = {}): Promise<Participant> {
    return this.#call(Participant, { method: 'GET', path: participantPath(room, participant), signal });
  }

  updateParticipant(
    room: string,
    participant: string,
    changes: ParticipantChanges,
    { signal }: CallOptions = {},
  ): Promise<Participant> {
    const path = participantPath(room, participant);
    return this.#call(Participant, { method: 'PATCH', path, body: changes, signal });
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
    return this.#call(Invitation, { method: 'POST', path, body: invitation, signal });
  }

  /** Sends to those in a room; it has no sender there. */
  sendData(room: string, message: NewData, { signal }: CallOptions = {}): Promise<DataMessage> {
    return this.#call(DataMessage, { method: 'POST', path: ['rooms', room, 'data'], body: message, signal });
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
