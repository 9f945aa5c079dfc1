import { beforeEach, describe, expect, test } from 'vitest';
import { conference, hyperty, joinAndSettle, openScene, send, world } from './scene.testing.ts';
import { Conference } from './testing.ts';

beforeEach(() => openScene({ roster: { departureGrace: 5_000 } }));

const asked = () => world.probes.map(({ to }) => to);
const probes = () => world.waits('probe');

/** With media that come in. */
function joinAndFlow(...ids: string[]): void {
  joinAndSettle(...ids);
  for (const id of ids) world.flow(world.endpoint(`${id}-pub`));
}

describe('who is asked whether it is there', () => {
  test('is whoever sends nothing, now and then', () => {
    joinAndFlow('a');
    send(conference.join('b', []));
    expect(probes()).toEqual([['b@2', 12_000]]);
    world.timeUp('probe');
    expect(world.probes).toEqual([{ to: hyperty('b'), connectionId: 'conn-b' }]);
    world.send({ type: 'alive', hyperty: hyperty('b') });
    expect(probes()).toEqual([['b@2', 12_000]]);
  });

  test('is asked at once when its media cease to come in, though not for one kind of them', () => {
    joinAndFlow('a');
    const publication = world.endpoint('a-pub');
    world.flow(publication, true, 'video');
    world.flow(publication, false, 'video');
    expect(asked()).toEqual([]);
    world.flow(publication, false);
    expect(asked()).toEqual([hyperty('a')]);
    expect(probes()).toEqual([['a@1', 4_000]]);

    world.flow(publication);
    expect(probes(), 'media prove it as well').toEqual([]);
  });

  test('is asked at once when its transport breaks', () => {
    joinAndFlow('a');
    world.send({ type: 'transport', endpoint: world.endpoint('a-pub').ref, state: 'closed' });
    expect(asked()).toEqual([hyperty('a')]);
  });

  test('is everybody of a room that comes without a word of theirs', () => {
    conference.join('a');
    send(conference.leave(conference.join('b').participant));
    expect(asked()).toEqual([hyperty('a')]);
  });

  test('is nobody who is known to have no socket, or has left', () => {
    send(conference.join('a', []));
    send(conference.join('b', []));
    send(conference.vanish('a'));
    send(conference.leave('b'));
    expect(probes()).toEqual([]);
  });
});

test('nobody is taken for silent by who cannot hear', () => {
  joinAndFlow('a');
  world.flow(world.endpoint('a-pub'), false);
  world.send({ type: 'link', up: false });
  for (let times = 0; times < 5; times += 1) world.timeUp('probe');
  expect(world.waits('grace')).toEqual([]);
  expect(probes()).toEqual([['a@1', 4_000]]);
});

describe('who does not answer', () => {
  beforeEach(() => {
    joinAndFlow('a', 'b');
    world.flow(world.endpoint('b-pub'), false);
    world.timeUp('probe');
    world.timeUp('probe');
  });

  test('is asked twice, and once more while it is waited for: an answer may be lost', () => {
    expect(asked()).toEqual([hyperty('b'), hyperty('b'), hyperty('b')]);
  });

  test('is not to be known while no answer can arrive: it is asked again then', () => {
    world.send({ type: 'link', up: false });
    world.timeUp('grace');
    expect(world.reports.filter(({ report }) => report === 'gone')).toEqual([]);
    world.send({ type: 'link', up: true });
    expect(world.waits('grace')).toEqual([]);
    expect(probes()).toEqual([['b@2', 4_000]]);
    expect(asked()).toHaveLength(4);
  });

  test('is waited for, and then gone', () => {
    expect(world.waits('grace')).toEqual([['b@2', 5_000]]);
    world.timeUp('grace');
    expect(world.reports.at(-1)).toMatchObject({ report: 'gone', participant: 'b', onlyIfDisconnected: false });
  });

  test.each([
    ['answers', () => world.send({ type: 'alive', hyperty: hyperty('b') })],
    ['asks for something', () => send(conference.update('b', []))],
    ['is back on another socket', () => send(conference.comeBack('b', 'conn-b2'))],
  ])('before it %s late', (_, comeBack) => {
    comeBack();
    expect(world.waits('grace')).toEqual([]);
    expect(probes()).toEqual([['b@2', 12_000]]);
  });

  test('before it comes back on the same socket', () => {
    send(conference.vanish('b'));
    expect(world.waits('grace')).toHaveLength(1);
    send(conference.comeBack('b', 'conn-b'));
    expect(world.waits('grace')).toEqual([]);
  });
});

test('media that come in again after a pause make a failed publication connected', () => {
  joinAndFlow('a');
  const publication = world.endpoint('a-pub');
  world.send({ type: 'transport', endpoint: publication.ref, state: 'disconnected' });
  world.flow(publication);
  expect(world.reports.map((report) => 'media' in report && report.media)).toEqual([
    'connected',
    'failed',
    'connected',
  ]);
});

test('a sign of life counts in all rooms', () => {
  const other = new Conference({ roomId: 'other' });
  for (const { join } of [conference, other].map((room) => ({ join: room.join('a', []) }))) send(join);
  world.timeUp('probe');
  world.send({ type: 'alive', hyperty: hyperty('a') });
  expect(probes()).toEqual([
    ['a@1', 12_000],
    ['a@1', 12_000],
  ]);
});
