import { beforeEach, describe, expect, test } from 'vitest';
import { conference, hyperty, joinAndSettle, namesOf, openScene, send, urlOf, world } from './scene.testing.ts';
import { connectionsOf, successor } from './testing.ts';

const receiversOfB = () =>
  namesOf([...world.endpoints.values()].map(({ ref }) => ref.url)).filter((name) => /^b-[rs]/.test(name));
const waiting = () => world.waits('connecting').map(([url]) => url);
const errors = () => world.view(hyperty('b')).errors;

/** Both of b's receivers have been answered: one shows a, one is a spare. */
beforeEach(() => {
  openScene();
  joinAndSettle('a');
  send(conference.join('b'));
  for (const endpoint of world.answering) world.answer(endpoint);
  for (const endpoint of world.answering) world.answer(endpoint);
});

describe('a receiver whose transport never stands', () => {
  test('gives its endpoint back, and its client is told: another takes its place', () => {
    expect(world.waits('connecting')).toContainEqual([urlOf('b-r0'), 20_000]);
    expect(receiversOfB()).toEqual(['b-r0', 'b-r1']);
    world.timeUp('connecting');
    expect(receiversOfB()).toEqual(['b-r2']);
    world.settle();
    expect([...errors().keys()]).toEqual([urlOf('b-r0'), urlOf('b-r1')]);
    expect(world.linked).toContain('b-r2←a-pub');

    send(conference.update('b', connectionsOf('b', 1, 10)));
    expect(receiversOfB(), 'and what it offers then is a spare').toEqual(['b-r2', 'b-r10']);
  });

  test('is none once it has stood', () => {
    world.settle();
    world.timeUp('connecting');
    expect(receiversOfB()).toEqual(['b-r0', 'b-r1']);
    expect(errors().size).toBe(0);
  });

  test('leaves what it was to replace alone', () => {
    world.settle();
    send(conference.update('b', [successor('b', 'b-s', urlOf('b-r0'))]));
    world.answer(world.endpoint('b-s'));
    world.timeUp('connecting');
    expect(receiversOfB()).toEqual(['b-r0', 'b-r1']);
    expect([...errors().keys()]).toEqual([urlOf('b-s')]);
    expect(world.linked).toContain('b-r0←a-pub');
  });

  test('takes along what was offered before one that stands: it would not stand either', () => {
    world.connect(world.endpoint('b-r0'));
    send(conference.update('b', [successor('b', 'b-s', urlOf('b-r0')), ...connectionsOf('b', 1, 10)]));
    world.answer(world.endpoint('b-s'));
    world.connect(world.endpoint('b-s'));
    world.timeUp('connecting');
    expect(receiversOfB(), 'a younger one is the spare now').toEqual(['b-r0', 'b-s', 'b-r10']);
    world.settle();
    expect([...errors().keys()].sort()).toEqual([urlOf('b-r1'), urlOf('b-r2')]);
  });

  test('has time again when its client is back, for it may not have heard of the answer', () => {
    send(conference.vanish('b'));
    world.timeUp('connecting');
    expect(receiversOfB(), 'nobody is there to connect').toEqual(['b-r0', 'b-r1']);
    expect(waiting()).toContain(urlOf('b-r0'));

    const actions = world.during(() => send(conference.comeBack('b', 'conn-b2')));
    const started = actions.flatMap((action) => (action.type === 'startTimer' ? action.timer.name : []));
    expect(started).toEqual(['connecting', 'connecting', 'probe']);
    world.timeUp('connecting');
    expect(receiversOfB()).toEqual(['b-r2']);
  });

  test('is waited for while nobody can know', () => {
    world.send({ type: 'media', state: 'away' });
    world.timeUp('connecting');
    expect(receiversOfB()).toEqual(['b-r0', 'b-r1']);
    expect(waiting()).toContain(urlOf('b-r0'));
  });
});
