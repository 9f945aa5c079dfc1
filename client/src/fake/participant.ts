import type { Room } from '../room.ts';
import type { Access } from './access.ts';

/** Somebody else in a room, whom a test plays. `FakeServer.join` makes one. */
export class FakeParticipant {
  readonly id: string;
  /** The room as this participant has it: a real one, to chat, mute, publish or leave in. */
  readonly room: Room;
  readonly #access: Access;

  /** Use `FakeServer.join`. */
  constructor(room: Room, access: Access) {
    this.id = room.localParticipant.id;
    this.room = room;
    this.#access = access;
  }

  /** Its socket is lost; it is back at once. */
  dropSockets(): void {
    this.#access.drop();
  }

  /** Its socket is lost, and it does not come back: others see it `disconnected`, and leave when the room's `departureGrace` is over. */
  goOffline(): void {
    this.#access.isOnline = false;
    this.#access.drop();
  }

  /** Ends `goOffline`. */
  goOnline(): void {
    this.#access.isOnline = true;
  }
}
