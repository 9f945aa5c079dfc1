import { beforeEach, describe, expect, test } from 'vitest';
import { conference, joinAndSettle, openScene, send, world } from './scene.testing.ts';

beforeEach(() => openScene({ roster: { emptyTimeout: 30_000 } }));

describe('an empty room that lasts', () => {
  const over = () => world.timeUp('empty');

  beforeEach(() => {
    joinAndSettle('a');
    send(conference.leave('a'));
  });

  test('holds nothing at the media server, and is not forgotten', () => {
    expect([world.pipelines.size, world.endpoints.size]).toEqual([0, 0]);
    const room = `${conference.url} i1 1`;
    expect(world.waits('empty')).toEqual([[room, 30_000]]);
    expect(world.waits('forget')).toEqual([]);
    world.send({ type: 'timeUp', timer: { name: 'forget', room } });
    expect(world.state.rooms.size).toBe(1);
  });

  test('is reported when its time is up, until its end is known', () => {
    over();
    over();
    const report = { report: 'empty', resource: conference.url, incarnation: 'i1', epoch: 1, version: 2 };
    expect(world.reports.filter(({ report }) => report === 'empty')).toEqual([report, report]);
    send(conference.end());
    expect(world.waits('empty')).toEqual([]);
    expect(world.waits('forget')).toHaveLength(1);
    over();
    expect(world.reports.filter(({ report }) => report === 'empty')).toHaveLength(2);
  });

  test('goes on with whoever comes in time', () => {
    joinAndSettle('b');
    expect([world.pipelines.size, world.waits('empty')]).toEqual([1, []]);
    over();
    expect(world.reports.filter(({ report }) => report === 'empty')).toEqual([]);
    send(conference.leave('b'));
    over();
    expect(world.reports.at(-1)).toMatchObject({ report: 'empty', version: 4 });
  });
});
