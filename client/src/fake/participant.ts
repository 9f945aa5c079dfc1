import type { Room } from '../room.ts';
import type { Access } from './access.ts';
import type { FakeParticipant } from './types.ts';

/** A participant of a client of its own. */
export class PlayedParticipant implements FakeParticipant {
  readonly id: string;
  readonly room: Room;
  readonly #access: Access;

  constructor(room: Room, access: Access) {
    this.id = room.localParticipant.id;
    this.room = room;
    this.#access = access;
  }

  dropSockets(): void {
    this.#access.drop();
  }

  goOffline(): void {
    this.#access.isOnline = false;
    this.#access.drop();
  }

  goOnline(): void {
    this.#access.isOnline = true;
  }
}
