import { beforeEach, describe, expect, test } from 'vitest';
import { conference, joinAndSettle, namesOf, openScene, send, world } from './scene.testing.ts';
import { joinOffers } from './testing.ts';

beforeEach(() => openScene());

const media = (state: 'up' | 'away' | 'lost') => world.send({ type: 'media', state });
const losses = () => world.reports.filter(({ report }) => report === 'lost');

describe('a media server out of reach', () => {
  test('keeps what may survive, and turns away for now what needs it', () => {
    joinAndSettle('a');
    media('away');
    const join = conference.join('b');
    send(join);
    expect(world.responsesTo(join.reply.request.id)).toMatchObject([{ code: 503, retryAfter: 1 }]);
    expect(world.reports.at(-1)).toMatchObject({ report: 'gone', participant: 'b', onlyIfDisconnected: false });
    expect(world.endpoints.size).toBe(2);
    expect(losses()).toEqual([]);
  });
});

describe('a lost media server', () => {
  test('is reported for each room with somebody in it, until there is a newer epoch', () => {
    joinAndSettle('a');
    media('lost');
    expect(world.pipelines.size).toBe(0);
    const loss = { report: 'lost', resource: conference.url, incarnation: 'i1', epoch: 1 };
    expect(losses()).toEqual([loss]);
    world.timeUp('lost');
    expect(losses()).toEqual([loss, loss]);

    media('up');
    expect(losses(), 'that there is another one gives nothing back').toHaveLength(2);
    send(conference.move());
    expect(world.waits('lost')).toEqual([]);
  });

  test('is no matter of a room that nobody is in any more', () => {
    openScene({ roster: { emptyTimeout: 30_000 } });
    joinAndSettle('a', 'b');
    send(conference.leave('b'));
    media('lost');
    send(conference.leave('a'));
    expect(world.waits('lost')).toEqual([]);
    media('up');
    joinAndSettle('c');
    expect(world.pipelines.size, 'nothing is left of what was lost').toBe(1);
  });

  test('turns away what is under way, to be asked for again', () => {
    joinAndSettle('a');
    const join = conference.join('b');
    send(join);
    media('lost');
    expect(world.responsesTo(join.reply.request.id)).toMatchObject([{ code: 503, retryAfter: 1 }]);
    expect(world.reports).toContainEqual(expect.objectContaining({ report: 'gone', participant: 'b' }));
  });

  test('makes nothing anew in the epoch that it was lost in, whose offers are those of broken connections', () => {
    joinAndSettle('a');
    media('lost');
    media('up');
    const late = conference.update('a', joinOffers('a2'));
    send(late);
    expect(world.responsesTo(late.reply.request.id)).toMatchObject([{ code: 503, retryAfter: 1 }]);
    expect([world.pipelines.size, world.endpoints.size]).toEqual([0, 0]);

    send(conference.move());
    send(conference.update('a', joinOffers('a3')));
    expect(namesOf(world.answering.map(({ ref }) => ref.url))).toEqual(['a3-pub', 'a3-r0']);
  });

  test('still down, it has a room that was given to it meanwhile be given to another', () => {
    media('lost');
    send(conference.join('a'));
    expect(losses()).toMatchObject([{ epoch: 1 }]);
    send(conference.move());
    expect(losses()).toMatchObject([{ epoch: 1 }, { epoch: 2 }]);
  });
});

describe('epochs', () => {
  test('a newer one ends the one before, whose requests are to be made again', () => {
    joinAndSettle('a');
    const join = conference.join('b');
    send(join);
    send(conference.move());
    expect(world.responsesTo(join.reply.request.id)).toMatchObject([{ code: 503, retryAfter: 1 }]);
    expect([...world.pipelines]).toEqual([`${conference.url} i1 2`]);
    expect(world.endpoints.size).toBe(0);
  });

  test('a straggler of an earlier one starts nothing, and is to be made again', () => {
    const straggler = conference.join('a');
    send(conference.move());
    send(straggler);
    expect(world.responsesTo(straggler.reply.request.id)).toMatchObject([{ code: 503, retryAfter: 1 }]);
    expect([...world.pipelines]).toEqual([`${conference.url} i1 2`]);
    expect(world.endpoints.size).toBe(0);
  });

  test('the earlier ones are forgotten in the end', () => {
    joinAndSettle('a');
    send(conference.move());
    world.timeUp('forget');
    expect([...world.state.rooms.keys()]).toEqual([`${conference.url} i1 2`]);
  });
});
