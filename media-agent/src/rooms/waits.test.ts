import { beforeEach, describe, expect, test } from 'vitest';
import { conference, joinAndSettle, openScene, send, world } from './scene.testing.ts';

beforeEach(() => openScene({ roster: { emptyTimeout: 30_000 } }));

describe('an empty room that lasts', () => {
  const over = () => world.send({ type: 'emptyOver', room: `${conference.url} i1` });

  beforeEach(() => {
    joinAndSettle('a');
    send(conference.leave('a'));
  });

  test('holds nothing at the media server, and is not forgotten', () => {
    expect([world.pipelines.size, world.endpoints.size]).toEqual([0, 0]);
    expect([...world.empties.values()]).toEqual([30_000]);
    expect(world.forgetting.size).toBe(0);
    world.send({ type: 'forget', room: `${conference.url} i1` });
    expect(world.state.rooms.size).toBe(1);
  });

  test('is reported when its time is up, until its end is known', () => {
    over();
    over();
    const report = { report: 'empty', resource: conference.url, incarnation: 'i1', version: 2 };
    expect(world.reports.filter(({ report }) => report === 'empty')).toEqual([report, report]);
    send(conference.end());
    expect(world.empties.size).toBe(0);
    expect(world.forgetting.size).toBe(1);
    over();
    expect(world.reports.filter(({ report }) => report === 'empty')).toHaveLength(2);
  });

  test('goes on with whoever comes in time', () => {
    joinAndSettle('b');
    expect([world.pipelines.size, world.empties.size]).toEqual([1, 0]);
    over();
    expect(world.reports.filter(({ report }) => report === 'empty')).toEqual([]);
    send(conference.leave('b'));
    over();
    expect(world.reports.at(-1)).toMatchObject({ report: 'empty', version: 4 });
  });
});
