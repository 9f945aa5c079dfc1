import type { Room, RoomEvents } from '../src/index.ts';

/** All after which a room looks otherwise. */
const CHANGES = [
  'participantJoined',
  'participantLeft',
  'participantUpdated',
  'publicationAdded',
  'publicationRemoved',
  'trackAdded',
  'trackRemoved',
  'muted',
  'unmuted',
  'metadataChanged',
  'roomChanged',
  'waitingChanged',
  'activeSpeakersChanged',
  'connectionQualityChanged',
  'roleChanged',
  'stateChanged',
] as const satisfies (keyof RoomEvents)[];

/** Calls `draw` once after any number of changes made in one go. */
export function onRoomChange(room: Room, draw: () => void): void {
  let isDue = false;
  const changed = () => {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      draw();
    });
  };
  for (const name of CHANGES) room.on(name, changed);
}
