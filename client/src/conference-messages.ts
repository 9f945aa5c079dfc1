import {
  type Connection,
  idOf,
  type Metadata,
  type Moderation,
  type RoomOptions,
  type Source,
  type Subscriptions,
  type TrickledCandidates,
  type UpdateBody,
} from '@hyperroom/protocol';
import type { Request } from './message-bus.ts';
import type { Sending } from './peer-connections.ts';

/** What a join says, beside its offers. */
export interface JoinRequest {
  roomId: string;
  name: string;
  create?: RoomOptions | undefined;
  /** Whether everything is wanted that no choice is made about. */
  auto: boolean;
}

/** What a participant brings into a room, and takes along into a further stay. */
export interface Belongings {
  sending: readonly Sending[];
  muted: readonly Source[];
  metadata?: Metadata | undefined;
}

/** What a participant changes. */
export type Changes = Partial<Omit<UpdateBody, 'resource'>>;

/** What the hyperty `self` says to the conference about `room`. */
export function conferenceMessages(conference: string, self: string, room: string) {
  const message = (type: Request['type'], body: Request['body'] = {}): Request => {
    return { type, from: self, to: conference, body: { resource: room, ...body } };
  };
  // By his id all that is logged of a participant is found; by the number, one request.
  let traces = 0;
  const traced = (request: Request): Request => ({ ...request, trace: `${idOf(self)}-${++traces}` });
  return {
    join: (
      { name, create }: JoinRequest,
      { muted, metadata }: Belongings,
      connections: Connection[],
      subscriptions: Subscriptions | undefined,
    ) => {
      // What is undefined does not travel.
      const given = { create, muted: muted.length > 0 ? muted : undefined, metadata, subscriptions };
      return traced(message('create', { ...given, identity: { name }, connections }));
    },
    update: (changes: Changes) => {
      const update = message('update', changes);
      return changes.connections ? traced(update) : update;
    },
    trickle: (candidates: TrickledCandidates) => message('update', { candidates: [candidates] }),
    moderate: (moderation: Moderation) => message('execute', { moderation }),
    reopen: () => traced(message('re-open')),
    leave: () => message('delete'),
  };
}

export type ConferenceMessages = ReturnType<typeof conferenceMessages>;
