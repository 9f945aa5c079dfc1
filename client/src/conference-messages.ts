import type {
  Connection,
  Metadata,
  Moderation,
  RoomOptions,
  Source,
  Subscriptions,
  TrickledCandidates,
  UpdateBody,
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
  return {
    join: (
      { name, create }: JoinRequest,
      { muted, metadata }: Belongings,
      connections: Connection[],
      subscriptions: Subscriptions | undefined,
    ) => {
      // What is undefined does not travel.
      const given = { create, muted: muted.length > 0 ? muted : undefined, metadata, subscriptions };
      return message('create', { ...given, identity: { name }, connections });
    },
    update: (changes: Changes) => message('update', changes),
    trickle: (candidates: TrickledCandidates) => message('update', { candidates: [candidates] }),
    moderate: (moderation: Moderation) => message('execute', { moderation }),
    reopen: () => message('re-open'),
    leave: () => message('delete'),
  };
}

export type ConferenceMessages = ReturnType<typeof conferenceMessages>;
