import { issueText, type Message, ObjectUpdate, Room } from '@hyperroom/protocol';
import * as v from 'valibot';
import { RoomReplica } from './room-replica.ts';

const Whole = v.object({ value: Room });

/** Follows the rooms that a client is told of: each update has to leave them rooms. */
export class RoomCheck {
  readonly #rooms = new Map<string, RoomReplica>();

  /** What has become of a room with a message; undefined if it is one still. */
  misfit({ type, from, body }: Message): string | undefined {
    const whole = type === 'response' ? v.safeParse(Whole, body) : undefined;
    if (whole?.success) this.#replicaOf(whole.output.value.url).load(whole.output.value);
    const replica = this.#rooms.get(from);
    const update = type === 'update' ? v.safeParse(ObjectUpdate, body) : undefined;
    if (!replica || !update?.success) return undefined;
    replica.apply(update.output);
    const room = v.safeParse(Room, replica.room);
    return room.success ? undefined : `${from} has become something else: ${issueText(room.issues[0])}`;
  }

  #replicaOf(url: string): RoomReplica {
    const replica = this.#rooms.get(url) ?? new RoomReplica();
    this.#rooms.set(url, replica);
    return replica;
  }
}
