import { type InventoryReport, sliceOf } from '@hyperroom/protocol';
import type * as v from 'valibot';
import { isEmpty, lasts, type RoomState } from './rooms/state.ts';

type Inventory = v.InferOutput<typeof InventoryReport>;

/** What fits into a message together with the longest of URLs. */
const MAX_ROOMS = 150;

/** All rooms of a node that are alive, in as few reports as their slices allow; one at least, for a node without any. */
export function inventoryOf(rooms: Iterable<RoomState>): Inventory[] {
  const held = [...rooms]
    // Of what has moved the conference knows.
    .filter(({ moved }) => !moved)
    .map(({ roster }) => roster)
    .filter((roster) => !isEmpty(roster) || lasts(roster))
    .map(({ room: resource, incarnation, epoch, version }) => ({ resource, incarnation, epoch, version }));
  for (let count = Math.max(1, Math.ceil(held.length / MAX_ROOMS)); ; count += 1) {
    const slices = Array.from({ length: count }, (_, slice) =>
      held.filter(({ resource }) => sliceOf(resource, count) === slice),
    );
    const isTooLong = slices.some((slice) => slice.length > MAX_ROOMS);
    if (isTooLong && count < held.length) continue;
    return slices.map((each, slice) => ({ report: 'inventory', slice, slices: count, rooms: each }));
  }
}
