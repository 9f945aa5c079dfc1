import type { Room } from '@hyperroom/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RoomState, roomObject, rosterOf } from '../room-state.ts';
import { apply } from './apply.ts';
import type { RoomUpdate } from './outcome.ts';
import { after, aJoin, history, NOW, ROOM } from './rules.testing.ts';

const objectOf = (room: RoomState) => roomObject(room, 'hyperty://localhost/conference');

/** What an observer makes of an update. */
function observe(object: Room, { version, attribute, value }: RoomUpdate, lastModified: string): Room {
  expect(version).toBe(object.version + 1);
  const [head = '', key] = attribute.split('.');
  const data: Record<string, unknown> = { ...object.data };
  if (key === undefined) data[head] = value;
  else {
    const { [key]: _, ...entries } = data[head] as Record<string, unknown>;
    data[head] = value === undefined ? entries : { ...entries, [key]: value };
  }
  return { ...object, version, lastModified, data: data as Room['data'] };
}

describe('any history', () => {
  it('is what its observers see, update by update, and keeps to the room’s bounds', () => {
    fc.assert(
      fc.property(history, (events) => {
        let room: RoomState | undefined;
        for (const event of events) {
          const outcome = apply(room, event, ROOM, NOW);
          if (outcome.kind !== 'changed') continue;
          const { before, room: next, destroyed, updates } = outcome;
          expect(before).toEqual(room);
          if (before && !(destroyed && updates.length === 0)) {
            const seen = updates.reduce((object, update) => observe(object, update, NOW), objectOf(before));
            expect(seen).toEqual(objectOf(next));
          }
          checkBounds(next, destroyed, before);
          room = destroyed ? undefined : next;
        }
      }),
      { numRuns: 500 },
    );
  }, 60_000);
});

function checkBounds(room: RoomState, destroyed: boolean, before: RoomState | undefined): void {
  const members = Object.values(room.members);
  const entered = Object.keys(room.members).some((id) => !before?.members[id]);
  if (entered) expect(members.length).toBeLessThanOrEqual(room.options.capacity);
  expect(room.speakers.length).toBeLessThanOrEqual(room.options.lastN);
  expect(room.speakers.every((id) => room.members[id])).toBe(true);
  if (members.length > 0) expect([destroyed, room.emptyUntil]).toEqual([false, undefined]);
  else expect(destroyed).toBe(room.emptyUntil === undefined || destroyed);
  if (members.length > 0 && !room.hosted) expect(members.some(({ role }) => role === 'moderator')).toBe(true);
  for (const { admitted } of Object.values(rosterOf(room).participants))
    expect(admitted).toBeLessThanOrEqual(room.version);
}

it('nobody’s connection at the gateway is shown to anybody', () => {
  expect(JSON.stringify(objectOf(after(undefined, aJoin('ada'))))).not.toContain('socket-of-ada');
});
