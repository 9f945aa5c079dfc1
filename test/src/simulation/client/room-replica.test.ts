import type { ObjectUpdate } from '@hyperroom/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { aRoom } from './room.testing.ts';
import { RoomReplica } from './room-replica.ts';

const room = aRoom(4, { metadata: { topic: 'old' } });
const ada = { since: '2026-01-01' };

const update = (version: number, attribute: string, value?: unknown): ObjectUpdate => ({
  version,
  source: room.reporter,
  lastModified: `2026-01-0${version}`,
  attribute,
  ...(value !== undefined && { value }),
});

let replica: RoomReplica;
beforeEach(() => {
  replica = new RoomReplica();
});

describe('a replica of a room', () => {
  it('applies updates in their order, whichever order they come in', () => {
    replica.load(room);
    replica.apply(update(6, 'waiting.ada'));
    replica.apply(update(7, 'speakers', ['bob']));
    expect(replica.room).toEqual(room);
    expect(replica.early).toEqual([6, 7]);
    replica.apply(update(5, 'waiting.ada', ada));
    expect(replica.room).toEqual({
      ...room,
      version: 7,
      lastModified: '2026-01-07',
      data: { ...room.data, speakers: ['bob'] },
    });
    expect(replica.early).toEqual([]);
    expect(replica.faults).toEqual([]);
  });

  it('keeps those that come before the room itself, as far as they are newer', () => {
    for (const version of [5, 4]) replica.apply(update(version, 'waiting.ada', ada));
    replica.load(room);
    expect(replica.room.version).toBe(5);
    expect(replica.room.data.waiting).toEqual({ ada });
    expect(replica.faults).toEqual([]);
  });

  it('finds fault with a version that comes twice', () => {
    replica.load(room);
    for (const version of [5, 5, 7, 7]) replica.apply(update(version, 'metadata', {}));
    expect(replica.faults).toEqual(['version 5 came twice', 'version 7 came twice']);
  });

  it('leaves the room that it was given alone', () => {
    replica.load(room);
    replica.apply(update(5, 'metadata.topic', 'new'));
    expect(replica.room.data.metadata).toEqual({ topic: 'new' });
    expect(room.data.metadata).toEqual({ topic: 'old' });
  });
});
