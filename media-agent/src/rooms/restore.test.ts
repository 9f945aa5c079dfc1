import { beforeEach, describe, expect, test } from 'vitest';
import { keyOf } from './kept.testing.ts';
import {
  conference,
  framesTo,
  hyperty,
  joinAndSettle,
  namesOf,
  openScene,
  send,
  urlOf,
  world,
} from './scene.testing.ts';
import { connection, connectionsOf, successor } from './testing.ts';

beforeEach(() => openScene());

const NOTHING = { type: 'alive', hyperty: '' } as const;
const restart = () => world.crash(NOTHING, 0);
const names = () => namesOf([...world.endpoints.values()].map(({ ref }) => ref.url)).sort();

describe('another process that goes on with the state', () => {
  test('leaves everything as it is at the media server', () => {
    joinAndSettle('a', 'b', 'c');
    const [before, linked] = [names(), world.linked];
    const actions = world.during(restart);
    expect([names(), world.linked]).toEqual([before, linked]);
    const touching = ['answer', 'release', 'link', 'unlink', 'createPipeline', 'releasePipeline'];
    expect(actions.filter(({ type }) => touching.includes(type))).toEqual([]);
  });

  test('says and reports again what may not have arrived', () => {
    joinAndSettle('a', 'b');
    const [frames, reports] = [framesTo('conn-b').length, world.reports.length];
    restart();
    expect(framesTo('conn-b')).toHaveLength(frames + 1);
    expect(world.reports.slice(reports)).toMatchObject([
      { report: 'media', participant: 'a', media: 'connected' },
      { report: 'media', participant: 'b', media: 'connected' },
    ]);
  });

  test('asks everybody whether they are there', () => {
    joinAndSettle('a', 'b', 'c');
    send(conference.vanish('c'));
    world.flow(world.endpoint('a-pub'));
    restart();
    expect(world.probes.map(({ to }) => to)).toEqual([hyperty('a'), hyperty('b')]);
    expect(world.waits('probe')).toHaveLength(2);
  });

  test('waits on for whom and what it was waited for', () => {
    openScene({ roster: { emptyTimeout: 30_000 } });
    joinAndSettle('a', 'b');
    send(conference.vanish('a'));
    restart();
    expect(world.waits('grace')).toEqual([['a@1', 50]]);
    send(conference.leave('a'));
    send(conference.leave('b'));
    restart();
    expect(world.waits('empty')).toHaveLength(1);
    send(conference.end());
    restart();
    expect(world.waits('forget')).toHaveLength(1);
  });

  test('says once more that somebody is gone: the word of it may have been lost with the process', () => {
    joinAndSettle('a', 'b');
    send(conference.vanish('a'));
    world.timeUp('grace');
    restart();
    const before = world.reports.length;
    send(conference.leave('a'));
    expect(world.reports.slice(before)).toMatchObject([{ report: 'gone', participant: 'a', admitted: 1 }]);
  });

  test('gives transports and handing over their time once more', () => {
    joinAndSettle('a', 'b');
    send(conference.update('b', [successor('b', 'b-s', urlOf('b-r0'))]));
    world.settle();
    send(conference.update('a', connectionsOf('a', 1, 10)));
    world.send({ type: 'transport', endpoint: world.endpoint('a-r1').ref, state: 'closed' });
    world.answer(world.endpoint('a-r2'));
    restart();
    expect(world.waits('connecting')).toEqual([[urlOf('a-r2'), 20_000]]);
    expect(world.waits('handOver')).toEqual([[urlOf('b-s'), 4_000]]);
  });

  test('goes on to report lost media', () => {
    joinAndSettle('a');
    world.send({ type: 'media', state: 'lost' });
    restart();
    world.timeUp('lost');
    expect(world.reports.filter(({ report }) => report === 'lost')).toHaveLength(3);
  });

  test('turns a join away that was under way, to be made again', () => {
    joinAndSettle('a');
    const join = conference.join('b');
    send(join);
    restart();
    expect(world.responsesTo(join.reply.request.id)).toMatchObject([{ code: 503, retryAfter: 1 }]);
    expect(world.reports).toContainEqual(
      expect.objectContaining({ report: 'gone', participant: 'b', onlyIfDisconnected: false }),
    );
    expect(names()).toEqual(['a-pub', 'a-r0']);
  });

  test('turns offers away that were under way, and takes the same again', () => {
    joinAndSettle('a', 'b');
    const offers = [connection('b', 'b-screen', 'screen'), successor('b', 'b-s', urlOf('b-r0'))];
    const first = conference.update('b', offers);
    send(first);
    restart();
    expect(world.responsesTo(first.reply.request.id)).toMatchObject([{ code: 503, retryAfter: 1 }]);
    expect(world.reports).toContainEqual(expect.objectContaining({ report: 'unpublished', publication: 'screen' }));

    const again = conference.update('b', offers);
    send(again);
    world.settle();
    world.timeUp('handOver');
    expect(world.responsesTo(again.reply.request.id)).toMatchObject([
      { code: 200, connections: [{ url: urlOf('b-screen') }, { url: urlOf('b-s'), peer: hyperty('a') }] },
    ]);
    expect(world.linked).toEqual(['a-r0←b-pub', 'a-r1←b-screen', 'b-s←a-pub']);
  });

  test('tells whoever waits for nothing of an offer that was being answered for later', () => {
    joinAndSettle('a', 'b');
    send(conference.join('c'));
    world.answer(world.endpoint('c-pub'));
    expect(world.answering.map(({ ref }) => ref.url)).toContain(urlOf('a-r2'));
    restart();
    expect(world.view(hyperty('a')).errors.get(urlOf('a-r2'))).toBe('the media node has started again');
  });
});

describe('what is not as it should be', () => {
  test('a publication that is missing has failed, until there is another', () => {
    joinAndSettle('a', 'b');
    const { ref } = world.endpoint('a-pub');
    world.lose(ref);
    expect(world.linked).toEqual(['a-r0←b-pub']);
    expect(world.reports.at(-1)).toMatchObject({ participant: 'a', media: 'failed' });
    send(conference.update('a', [connection('a', 'a-new', 'main')]));
    world.settle();
    expect(world.linked).toEqual(['a-r0←b-pub', 'b-r0←a-new']);
  });

  test('of a receiver that is missing its client is told', () => {
    joinAndSettle('a', 'b');
    world.lose(world.endpoint('b-r0').ref);
    world.settle();
    expect(world.view(hyperty('b')).errors.has(urlOf('b-r0'))).toBe(true);
    expect(world.linked, 'the spare takes its place').toContain('b-r1←a-pub');
  });

  test('a receiver that is connected to too much, or to another, is put right', () => {
    joinAndSettle('a', 'b');
    send(conference.update('b', connectionsOf('b', 2, 10)));
    joinAndSettle('c');
    send(conference.block('a', 'main', 'audio'));
    const [a, c] = ['a-pub', 'c-pub'].map((name) => world.endpoint(name).ref);
    const receiver = world.endpoint('b-r0').ref;
    if (!a || !c) throw new Error('they publish');
    world.links.video.set(keyOf(receiver), keyOf(c));
    world.links.audio.set(keyOf(receiver), keyOf(a));
    const flows = [
      { from: c, kinds: ['video' as const] },
      { from: a, kinds: ['audio' as const] },
    ];
    world.send({ type: 'wired', endpoint: receiver, flows });
    expect(world.linked).toContain('b-r0←a-pub video');
  });
});
