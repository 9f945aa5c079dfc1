import { expect, test } from 'vitest';
import { type AgentState, initialState } from '../rooms/state.ts';
import { step } from '../rooms/step.ts';
import { Conference, joinOffers } from '../rooms/testing.ts';
import { type AgentRecord, FORMAT, readRecord, writeRecord } from './record.ts';

const fresh = initialState(50);

function after(...ids: string[]): AgentState {
  const conference = new Conference();
  let state = initialState(50);
  const react = (event: Parameters<typeof step>[1]) => {
    state = step(state, event).state;
  };
  for (const id of ids) {
    const command = conference.join(id, joinOffers(id));
    react({ type: 'command', command });
  }
  const [room] = state.rooms.values();
  for (const { stay, publications } of room?.members.values() ?? []) {
    for (const { url } of publications.values()) {
      react({ type: 'answered', endpoint: { room: room?.key ?? '', stay, url }, sdp: 'answer' });
    }
  }
  react({ type: 'command', command: conference.vanish(ids[0] ?? '') });
  return state;
}

function recordOf(state: AgentState): AgentRecord {
  const endpoints = [{ stay: 's', url: 'u', direction: 'receive' as const, id: 'e', watched: true }];
  return { session: { id: 'session', nextRequest: 7 }, media: [{ key: 'k', pipeline: 'p', endpoints }], state };
}

test('what is written is read again, whole', () => {
  const record = recordOf(after('a', 'b', 'c'));
  const read = readRecord(writeRecord(record), fresh);
  expect(read).toEqual(record);
});

test('a state that has changed is written as it is now, room by room', () => {
  const before = after('a');
  writeRecord(recordOf(before));
  const changed = step(before, { type: 'command', command: new Conference({ roomId: 'other' }).join('x') }).state;
  expect(readRecord(writeRecord(recordOf(changed)), fresh)?.state).toEqual(changed);
});

test.each(['$map', '$set'])('a participant called %s is nobody special', (id) => {
  const record = recordOf(after('a', id));
  expect(readRecord(writeRecord(record), fresh)).toEqual(record);
});

test('the capacity is that of the new process', () => {
  const text = writeRecord(recordOf(after('a')));
  expect(readRecord(text, initialState(9))?.state.capacity).toBe(9);
});

test.each([
  ['cut short', (text: string) => text.slice(0, -9)],
  ['of another format', (text: string) => text.replace(`"format":${FORMAT}`, `"format":${FORMAT + 1}`)],
  ['of something else', () => '{"hello":1}'],
  ['empty', () => ''],
])('a text %s is no record', (_, spoil) => {
  expect(readRecord(spoil(writeRecord(recordOf(after('a')))), fresh)).toBeNull();
});

/** The paths of all that is in a value, with `*` for what maps and records by URL hold. */
function shapeOf(value: unknown, path = ''): string[] {
  if (value instanceof Map) return [...value.values()].flatMap((each) => shapeOf(each, `${path}.*`));
  if (Array.isArray(value)) return value.flatMap((each) => shapeOf(each, `${path}[]`));
  if (typeof value !== 'object' || value === null || value instanceof Set) return [path];
  return Object.entries(value).flatMap(([key, each]) => shapeOf(each, `${path}.${key}`));
}

test('a state of another shape has another format: raise FORMAT with this list', () => {
  const { rooms } = after('a', 'b');
  const shape = shapeOf(rooms, 'rooms').filter((path) => !/roster|joined\./.test(path));
  expect({ format: FORMAT, shape: [...new Set(shape)].sort() }).toMatchInlineSnapshot(`
    {
      "format": 3,
      "shape": [
        "rooms.*.created",
        "rooms.*.emptyAt",
        "rooms.*.endpoints",
        "rooms.*.graces.*",
        "rooms.*.key",
        "rooms.*.lacking",
        "rooms.*.lost",
        "rooms.*.members.*.admitted",
        "rooms.*.members.*.participant",
        "rooms.*.members.*.publications.*.connected",
        "rooms.*.members.*.publications.*.joining",
        "rooms.*.members.*.publications.*.media",
        "rooms.*.members.*.publications.*.name",
        "rooms.*.members.*.publications.*.phase.name",
        "rooms.*.members.*.publications.*.phase.sdp",
        "rooms.*.members.*.publications.*.url",
        "rooms.*.members.*.receivers.*.connected",
        "rooms.*.members.*.receivers.*.flow",
        "rooms.*.members.*.receivers.*.peer",
        "rooms.*.members.*.receivers.*.phase.name",
        "rooms.*.members.*.receivers.*.phase.offer",
        "rooms.*.members.*.receivers.*.replaces",
        "rooms.*.members.*.receivers.*.told.answer",
        "rooms.*.members.*.receivers.*.told.peer",
        "rooms.*.members.*.receivers.*.url",
        "rooms.*.members.*.refused",
        "rooms.*.members.*.requests[].awaits[]",
        "rooms.*.members.*.requests[].reply.connectionId",
        "rooms.*.members.*.requests[].reply.request.from",
        "rooms.*.members.*.requests[].reply.request.id",
        "rooms.*.members.*.requests[].reply.request.to",
        "rooms.*.members.*.requests[].urls[]",
        "rooms.*.members.*.requests[].version",
        "rooms.*.members.*.stay",
        "rooms.*.members.*.waived",
        "rooms.*.members.*.wishes.auto",
        "rooms.*.members.*.wishes.revision",
        "rooms.*.moved",
        "rooms.*.open",
        "rooms.*.probes.*",
        "rooms.*.unreachable",
      ],
    }
  `);
});
