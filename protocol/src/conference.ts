import * as v from 'valibot';
import { ConnectionUrl, RoomUrl } from './address.ts';
import { Connection, ConnectionAnswer, IceCandidates } from './connection.ts';
import { MAX_CONNECTIONS } from './limits.ts';
import { DisplayName, Room, RoomOptions } from './room.ts';

/*
 * What a client hyperty says to the conference hyperty, and what it hears.
 *
 *   create  join a room (or create it): the client's connection objects, offers inside
 *   update  more connections, or late candidates of known ones
 *   read    the room object
 *   delete  leave
 *
 * The conference pushes an `update` with a ConnectionsBody to the client when it puts a spare connection to use.
 */

const Connections = v.pipe(v.array(Connection), v.maxLength(MAX_CONNECTIONS));

/** `create`. At most one connection publishes; the others are offers to receive. */
export const JoinBody = v.object({
  resource: RoomUrl,
  /** Given: create the room if there is none. Absent: 404 if there is none. */
  create: v.optional(RoomOptions),
  identity: v.object({ name: DisplayName }),
  connections: v.pipe(
    Connections,
    v.check(
      (list) => list.filter((connection) => connection.data.direction === 'publish').length <= 1,
      'a participant publishes through one connection',
    ),
    v.check(
      (list) => new Set(list.map((connection) => connection.url)).size === list.length,
      'each connection has a URL of its own',
    ),
  ),
});
export type JoinBody = v.InferOutput<typeof JoinBody>;

export const TrickledCandidates = v.object({ url: ConnectionUrl, iceCandidates: IceCandidates });
export type TrickledCandidates = v.InferOutput<typeof TrickledCandidates>;

/** `update`: further offers to receive, or candidates found after an offer had gone. */
export const OfferBody = v.object({
  resource: RoomUrl,
  connections: v.optional(
    v.pipe(
      Connections,
      v.check(
        (list) => list.every((connection) => connection.data.direction === 'receive'),
        'only offers to receive can be added',
      ),
    ),
    [],
  ),
  candidates: v.optional(v.pipe(v.array(TrickledCandidates), v.maxLength(MAX_CONNECTIONS)), []),
});
export type OfferBody = v.InferOutput<typeof OfferBody>;

/** `read` and `delete`. */
export const RoomBody = v.object({ resource: RoomUrl });

/** The response to a join. */
export const JoinedBody = v.object({
  code: v.literal(200),
  /** The room as it was when the participant was admitted. */
  value: Room,
  connections: v.array(ConnectionAnswer),
});
export type JoinedBody = v.InferOutput<typeof JoinedBody>;

/** What the conference pushes to a client, and answers to an `update`. */
export const ConnectionsBody = v.object({
  resource: RoomUrl,
  /** The version of the room that these follow from: a `peer` not in a room this new has left it. */
  version: v.number(),
  connections: v.array(ConnectionAnswer),
});
export type ConnectionsBody = v.InferOutput<typeof ConnectionsBody>;
