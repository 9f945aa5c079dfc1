import * as v from 'valibot';
import { HypertyUrl, RoomUrl } from './address.ts';
import { Metadata, Role } from './room.ts';
import { PublicationName, Source } from './source.ts';

/*
 * What happens in rooms, told to back ends: on EventBridge (source `hyperroom`, detail-type = `event`, detail = the whole),
 * and from there to webhooks.
 */

const RoomRef = v.object({
  id: v.string(),
  url: RoomUrl,
  /** One life of a room id. */
  incarnation: v.string(),
  metadata: Metadata,
});

const ParticipantRef = v.object({
  id: v.string(),
  hypertyURL: HypertyUrl,
  identity: v.object({ name: v.string(), user: v.string() }),
  role: Role,
  metadata: Metadata,
  joined: v.string(),
});

const PublicationRef = v.object({ name: PublicationName, sources: v.array(Source) });

const COMMON = {
  /** The same for each delivery of the same event. */
  id: v.string(),
  time: v.string(),
  room: RoomRef,
};

export const LifecycleEvent = v.variant('event', [
  v.object({ event: v.literal('room.started'), ...COMMON }),
  v.object({ event: v.literal('room.ended'), ...COMMON }),
  v.object({ event: v.literal('participant.joined'), ...COMMON, participant: ParticipantRef }),
  v.object({
    event: v.literal('participant.left'),
    ...COMMON,
    participant: ParticipantRef,
    /** `left`: by itself. `lost`: its socket, or its media, for good. The others: see DismissalReason. */
    reason: v.picklist(['left', 'lost', 'removed', 'replaced', 'ended']),
  }),
  v.object({
    event: v.literal('publication.started'),
    ...COMMON,
    participant: ParticipantRef,
    publication: PublicationRef,
  }),
  v.object({
    event: v.literal('publication.ended'),
    ...COMMON,
    participant: ParticipantRef,
    publication: PublicationRef,
  }),
]);
export type LifecycleEvent = v.InferOutput<typeof LifecycleEvent>;
