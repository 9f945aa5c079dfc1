import { MAX_MESSAGE_BYTES, type Roster, sliceOf } from '@hyperroom/protocol';
import { expect, test } from 'vitest';
import { inventoryOf } from './inventory.ts';
import { initialState, newRoom, type RoomState } from './rooms/state.ts';
import { step } from './rooms/step.ts';
import { Conference } from './rooms/testing.ts';

function roomsOf(count: number): RoomState[] {
  return Array.from({ length: count }, (_, i) => {
    const { roster } = new Conference({ roomId: `room-${i}` }).join('a', []);
    return { ...newRoom(roster), roster };
  });
}

const keyOf = ({ room: resource, incarnation, epoch, version }: Roster) => ({ resource, incarnation, epoch, version });

test('a node without rooms says so', () => {
  expect(inventoryOf([])).toEqual([{ report: 'inventory', slice: 0, slices: 1, rooms: [] }]);
});

test('each room is in the report of its slice, and none is missing', () => {
  const rooms = roomsOf(700);
  const reports = inventoryOf(rooms);
  expect(reports.map(({ slice }) => slice)).toEqual(Array.from({ length: reports.length }, (_, slice) => slice));
  for (const { slice, slices, rooms } of reports) {
    expect(slices).toBe(reports.length);
    for (const { resource } of rooms) expect(sliceOf(resource, slices)).toBe(slice);
  }
  const told = reports.flatMap((report) => report.rooms);
  const byUrl = (a: { resource: string }, b: { resource: string }) => (a.resource < b.resource ? -1 : 1);
  expect(told.sort(byUrl)).toEqual(rooms.map(({ roster }) => keyOf(roster)).sort(byUrl));
});

test('a report fits into a message, with as few of them as will do', () => {
  const reports = inventoryOf(roomsOf(700));
  for (const report of reports) {
    expect(report.rooms.length).toBeLessThanOrEqual(150);
    const [longest] = report.rooms;
    const bytes = JSON.stringify({ ...longest, resource: 'x'.repeat(600) }).length * 150;
    expect(bytes).toBeLessThan(MAX_MESSAGE_BYTES);
  }
  expect(reports.length).toBeLessThanOrEqual(7);
});

test('a room that is over is not there', () => {
  const conference = new Conference();
  let state = step(initialState(10), { type: 'command', command: conference.join('a', []) }).state;
  expect(inventoryOf(state.rooms.values())[0]?.rooms).toHaveLength(1);
  state = step(state, { type: 'command', command: conference.leave('a') }).state;
  expect(inventoryOf(state.rooms.values())[0]?.rooms).toEqual([]);
});
