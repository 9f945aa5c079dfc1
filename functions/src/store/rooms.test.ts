import { GetCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { isOver, type RoomState } from '../conference/room-state.ts';
import { apply } from '../conference/rules/apply.ts';
import type { RoomEvent } from '../conference/rules/events.ts';
import { aJoin, history, NOW, ROOM } from '../conference/rules/rules.testing.ts';
import { itemOf, keyOf, LISTING, PLACEMENT } from './room-items.ts';
import { type Rooms, roomStore } from './rooms.ts';
import { useTable } from './table.testing.ts';
import type { Item } from './table.ts';

const table = useTable(LISTING, PLACEMENT);
let rooms: Rooms;
let now = new Date(NOW);

beforeAll(() => {
  rooms = roomStore(table(), () => now);
});

// Histories are long, and machines may be busy.
vi.setConfig({ testTimeout: 60_000 });

async function empty(url: string): Promise<void> {
  await rooms.commit(url, { type: 'moderate', moderation: { action: 'end' } });
}

/** A room as one write after another has left it. */
async function stored(url: string): Promise<Item> {
  const { Item = {} } = await table().documents.send(new GetCommand({ TableName: table().name, Key: keyOf(url) }));
  return inOrder(Item);
}

/** Which moderator comes first is of no consequence. */
function inOrder({ moderators, ...item }: Item): Item {
  return { ...item, moderators: Array.isArray(moderators) ? moderators.toSorted() : moderators };
}

describe('the stored room', () => {
  it('goes through any history as the rules say', async () => {
    const delays = fc.infiniteStream(fc.constantFrom(0, 0, 0, 0, 0, 61, 400));
    await fc.assert(
      fc.asyncProperty(history, delays, async (events, delays) => {
        await empty(ROOM);
        let model: RoomState | undefined;
        for (const event of events) {
          now = new Date(now.getTime() + Number(delays.next().value) * 1000);
          const expected = apply(model, event, ROOM, now.toISOString());
          expect(await rooms.commit(ROOM, event)).toEqual(expected);
          if (expected.kind === 'changed') model = expected.destroyed ? undefined : expected.room;
          if (model) expect(await stored(ROOM)).toEqual(inOrder(itemOf(model)));
          const lives = model && !isOver(model, now.getTime());
          expect(await rooms.read(ROOM)).toEqual(lives ? model : undefined);
        }
      }),
      { numRuns: 100 },
    );
  }, 180_000);

  it('admits exactly as many rivals as it has places', async () => {
    const url = 'comm://localhost/popular';
    const rivals = Array.from({ length: 40 }, (_, n) => aJoin(`rival-${n}`, { options: { capacity: 8 } }));
    const outcomes = await Promise.all(rivals.map((join) => rooms.commit(url, join)));
    expect(outcomes.filter(({ kind }) => kind === 'changed')).toHaveLength(8);
    expect(Object.keys((await rooms.read(url))?.members ?? {})).toHaveLength(8);
  });

  it('is one room when two first joins race', async () => {
    const url = 'comm://localhost/twice-first';
    const [one, two] = await Promise.all([
      rooms.commit(url, aJoin('ada', { incarnation: 'of-ada' })),
      rooms.commit(url, aJoin('bob', { incarnation: 'of-bob' })),
    ]);
    const room = await rooms.read(url);
    expect(Object.keys(room?.members ?? {}).sort()).toEqual(['ada', 'bob']);
    expect([one, two].map((outcome) => outcome.kind === 'changed' && outcome.room.incarnation)).toEqual([
      room?.incarnation,
      room?.incarnation,
    ]);
  });

  it('lives when a join races the last leave, whoever comes first', async () => {
    const url = 'comm://localhost/revolving-door';
    for (let round = 0; round < 30; round++) {
      await rooms.commit(url, aJoin('ada', { incarnation: `round-${round}` }));
      const [left, joined] = await Promise.all([
        rooms.commit(url, { type: 'leave', id: 'ada' }),
        rooms.commit(url, aJoin('bob', { incarnation: `again-${round}` })),
      ]);
      expect([left.kind, joined.kind]).toEqual(['changed', 'changed']);
      expect(Object.keys((await rooms.read(url))?.members ?? {})).toEqual(['bob']);
      await rooms.commit(url, { type: 'leave', id: 'bob' });
      expect(await rooms.read(url)).toBeUndefined();
    }
  });

  it('is found by its node, or among those without one', async () => {
    const moved = async (name: string, from: string, node: string) => {
      const url = `comm://localhost/placed-${name}`;
      await rooms.commit(url, aJoin('ada', { node: from }));
      await rooms.commit(url, { type: 'move', incarnation: 'first', epoch: 1, from, node });
      return url;
    };
    const [one, other, none] = [await moved('1', 'a', 'b'), await moved('2', 'b', 'a'), await moved('3', 'b', '')];
    const over: RoomEvent = { type: 'create', options: {}, incarnation: 'over', node: 'b' };
    await rooms.commit('comm://localhost/placed-over', over);
    now = new Date(now.getTime() + 400_000);
    const at = async (node: string) => {
      const ids = await rooms.idsOfNode(node);
      return (await rooms.readAll(ids.map((id) => `comm://localhost/${id}`))).map(({ url }) => url);
    };
    expect([await at('b'), await at('a')]).toEqual([[one], [other]]);
    expect(await at('')).toContain(none);
    expect(await at('c')).toEqual([]);
  });

  it('is listed page by page while it lasts', async () => {
    const names = ['one', 'two', 'three', 'four', 'five'].map((name) => `comm://localhost/listed-${name}`);
    for (const url of names) await rooms.commit(url, aJoin('ada'));
    await rooms.commit(names[0] ?? '', { type: 'leave', id: 'ada' });
    const over: RoomEvent = { type: 'create', options: {}, incarnation: 'over', node: 'its node' };
    await rooms.commit('comm://localhost/listed-over', over);
    now = new Date(now.getTime() + 400_000);
    const listed: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await rooms.list({ limit: 2, cursor });
      listed.push(...page.rooms.map(({ url }) => url));
      cursor = page.cursor;
    } while (cursor);
    const ours = listed.filter((url) => url.startsWith('comm://localhost/listed-'));
    expect(ours.sort()).toEqual(names.slice(1).sort());
  });
});
