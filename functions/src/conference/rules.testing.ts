import fc from 'fast-check';
import type { RoomState } from './room-state.ts';
import type { Join, RoomEvent, Stay } from './rules.ts';

/* Rooms and events for tests. */

export const ROOM = 'comm://localhost/standup';
export const NOW = '2026-01-01T00:00:00.000Z';
const NODE = 'hyperty://localhost/media-1';

export function aJoin(id: string, changes: Partial<Omit<Join, 'type' | 'id' | 'member'>> = {}): Join {
  return {
    type: 'join',
    id,
    member: {
      hypertyURL: `hyperty://localhost/${id}`,
      user: `user://localhost/${id}`,
      name: id,
      resources: ['audio', 'video'],
      connectionId: `socket-of-${id}`,
      status: 'live',
      media: 'connecting',
      joined: NOW,
      joinedBy: `join-of-${id}`,
    },
    options: {},
    incarnation: 'first',
    node: NODE,
    ...changes,
  };
}

export function aStay(room: RoomState, id: string): Stay {
  return { incarnation: room.incarnation, node: room.node, admitted: room.members[id]?.admitted ?? 0 };
}

const id = fc.constantFrom('ada', 'bob', 'cyd');
const stay = fc.record({
  incarnation: fc.constantFrom('first', 'second'),
  admitted: fc.integer({ min: 1, max: 4 }),
  node: fc.constant(NODE),
});
const connectionId = fc.constantFrom('socket-of-ada', 'socket-of-bob', 'socket-of-cyd');

/** Any event of a small room, likely and unlikely ones. */
export const roomEvent: fc.Arbitrary<RoomEvent> = fc.oneof(
  fc
    .record({ id, capacity: fc.integer({ min: 1, max: 3 }), incarnation: fc.constantFrom('first', 'second') })
    .map(({ id, capacity, incarnation }) => aJoin(id, { options: { capacity }, incarnation })),
  id.map((id): RoomEvent => {
    const { options: _, ...join } = aJoin(id);
    return join;
  }),
  fc.record(
    { type: fc.constant('leave' as const), id, stay, connectionId, onlyIfDisconnected: fc.boolean() },
    { requiredKeys: ['type', 'id'] },
  ),
  fc.record({ type: fc.constant('vanish' as const), id, connectionId }),
  fc.record({
    type: fc.constant('media' as const),
    id,
    stay,
    media: fc.constantFrom('connecting' as const, 'connected' as const, 'failed' as const),
  }),
);
