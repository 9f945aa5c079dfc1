import * as v from 'valibot';
import { RoomUrl } from './address.ts';
import { MetadataChanges, Role, RoomChanges } from './room.ts';
import { Source } from './source.ts';

/* What moderators have the conference do (`execute`), and back ends over HTTP. */

const ParticipantId = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/, 'a participant has an id'));
const Reason = v.optional(v.pipe(v.string(), v.maxLength(256)));
const Sources = v.pipe(v.array(Source), v.minLength(1), v.maxLength(Source.options.length));

export const Moderation = v.variant('action', [
  /** Out of the room, for as long as it lasts. */
  v.object({ action: v.literal('remove'), participant: ParticipantId, reason: Reason }),
  /** The media server passes these sources of a participant on no longer; `unblock` lifts it. */
  v.object({ action: v.literal('block'), participant: ParticipantId, sources: Sources }),
  v.object({ action: v.literal('unblock'), participant: ParticipantId, sources: Sources }),
  /** Lets somebody in who waits, or sends him away. */
  v.object({ action: v.literal('admit'), participant: ParticipantId }),
  v.object({ action: v.literal('refuse'), participant: ParticipantId, reason: Reason }),
  v.object({ action: v.literal('appoint'), participant: ParticipantId, role: Role }),
  v.object({ action: v.literal('describe'), participant: ParticipantId, metadata: MetadataChanges }),
  v.object({ action: v.literal('change'), changes: RoomChanges }),
  v.object({ action: v.literal('end'), reason: Reason }),
]);
export type Moderation = v.InferOutput<typeof Moderation>;

/** `execute`; answered 200 once it is done. */
export const ModerationBody = v.object({ resource: RoomUrl, moderation: Moderation });
export type ModerationBody = v.InferOutput<typeof ModerationBody>;
