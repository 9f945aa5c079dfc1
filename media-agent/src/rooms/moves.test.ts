import type { SyncCommand } from '@hyperroom/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { inventoryOf } from '../inventory.ts';
import { conference, joinAndSettle, openScene, send, world } from './scene.testing.ts';
import { ENDED } from './state.ts';

beforeEach(() => {
  openScene();
  joinAndSettle('a', 'b');
});

/** The word that the room goes on elsewhere. */
function moved(): SyncCommand {
  const { roster } = conference.sync();
  return { command: 'sync', roster: { ...roster, version: ENDED, participants: {} }, moved: true };
}

const MEDIA = ['a-r0←b-pub', 'b-r0←a-pub'];
const held = () => inventoryOf(world.state.rooms.values()).flatMap(({ rooms }) => rooms);

describe('a room that goes on elsewhere', () => {
  test('has its media here until its clients have had time for the way there', () => {
    send(moved());
    expect(world.linked).toEqual(MEDIA);
    expect(world.waits('moved').map(([, ms]) => ms)).toEqual([30_000]);
    world.timeUp('moved');
    expect([world.endpoints.size, world.pipelines.size]).toEqual([0, 0]);
  });

  test('is over as soon as they have all let go of it', () => {
    send(moved());
    for (const { ref } of [...world.endpoints.values()]) {
      expect(world.pipelines.size).toBe(1);
      const state = /-pub$/.test(ref.url) ? 'disconnected' : 'closed';
      world.send({ type: 'transport', endpoint: ref, state });
    }
    expect([world.endpoints.size, world.pipelines.size]).toEqual([0, 0]);
    world.timeUp('moved');
    expect(world.waits('forget')).toHaveLength(1);
  });

  test('is none that the node tells of as its own, nor is it told of again', () => {
    expect(held()).toHaveLength(1);
    send(moved());
    expect(held()).toEqual([]);
    const timers = world.waits('moved');
    send(moved());
    expect([world.linked, world.waits('moved')]).toEqual([MEDIA, timers]);
  });

  test('is over at once when it is over there, too', () => {
    send(moved());
    send({ ...moved(), moved: false });
    expect(world.pipelines.size).toBe(0);
  });

  test('has nothing to wait for where the media server has been lost', () => {
    world.send({ type: 'media', state: 'lost' });
    send(moved());
    expect(held()).toEqual([]);
    expect(world.waits('moved')).toEqual([]);
  });

  test('that nobody here knows of any more is one of those that stragglers start nothing in', () => {
    openScene();
    send(moved());
    expect([world.pipelines.size, held(), world.waits('forget').length]).toEqual([0, [], 1]);
  });

  test('ends in time though the process does not last until then', () => {
    send(moved());
    world.send({ type: 'restored' });
    world.timeUp('moved');
    expect(world.pipelines.size).toBe(0);
  });
});
