import { beforeEach, describe, expect, test } from 'vitest';
import {
  conference,
  connectionsIn,
  framesTo,
  hyperty,
  joinAndSettle,
  namesOf,
  openScene,
  send,
  urlOf,
  world,
} from './scene.testing.ts';
import { Conference, connectionsOf } from './testing.ts';

beforeEach(() => openScene());

describe('a departure', () => {
  test('gives back the publication, its receivers, and in the end the pipeline', () => {
    joinAndSettle('a', 'b', 'c');
    send(conference.leave('b'));
    expect(namesOf([...world.endpoints.values()].map(({ ref }) => ref.url)).filter((name) => /^b/.test(name))).toEqual(
      [],
    );
    expect(world.linked).toEqual(['a-r1←c-pub', 'c-r0←a-pub']);
    send(conference.leave('a'));
    send(conference.leave('c'));
    expect([world.pipelines.size, world.endpoints.size]).toEqual([0, 0]);
    expect(world.waits('forget')).toHaveLength(1);
  });

  test('uses up the connections that showed it: a late duplicate of their offers starts nothing', () => {
    joinAndSettle('a');
    const join = conference.join('b');
    send(join);
    world.settle();
    send(conference.leave('a'));
    world.settle();
    const actions = world.during(() => send(join));
    expect(actions.map(({ type }) => type)).toEqual(['post']);
    expect(connectionsIn(framesTo('conn-b').at(-1)?.messages[0])).toContainEqual({
      url: urlOf('b-r0'),
      error: 'its peer has left or ceased to publish',
    });
  });

  test('waits for the grace of one without a socket, and reports it until it is removed', () => {
    joinAndSettle('a', 'b');
    send(conference.vanish('b'));
    expect(world.waits('grace')).toEqual([['b@2', 50]]);
    world.timeUp('grace');
    world.timeUp('grace');
    expect(world.reports.filter(({ report }) => report === 'gone')).toMatchObject([
      { participant: 'b', admitted: 2, connectionId: 'conn-b', onlyIfDisconnected: true },
      { participant: 'b', admitted: 2, connectionId: 'conn-b', onlyIfDisconnected: true },
    ]);
    send(conference.leave('b'));
    expect(world.waits('grace')).toEqual([]);
    expect(world.reports.filter(({ report }) => report === 'gone')).toHaveLength(2);
  });

  test.each([
    ['removed', () => [conference.leave('b')]],
    ['in an ended room', () => [conference.end()]],
    ['there anew', () => [conference.leave('b'), conference.join('b')]],
  ])('of one without a socket who is %s before the grace is over is reported for clearing up', (_, depart) => {
    joinAndSettle('a', 'b');
    send(conference.vanish('b'));
    const last = depart().at(-1);
    if (last) for (const command of [last, last]) send(command);
    expect(world.reports.filter(({ report }) => report === 'gone')).toEqual([
      {
        report: 'gone',
        resource: conference.url,
        incarnation: 'i1',
        epoch: 1,
        participant: 'b',
        admitted: 2,
        connectionId: 'conn-b',
        onlyIfDisconnected: true,
      },
    ]);
    expect(world.waits('grace')).toEqual([]);
  });

  test('of one who has a socket is nothing to report', () => {
    joinAndSettle('a', 'b');
    send(conference.vanish('b'));
    send(conference.comeBack('b', 'conn-b2'));
    send(conference.leave('b'));
    send(conference.move());
    expect(world.reports.filter(({ report }) => report === 'gone')).toEqual([]);
  });

  test('found out by a post counts as proof once the grace is over', () => {
    joinAndSettle('a', 'b');
    world.send({ type: 'unreachable', connectionId: 'conn-b' });
    world.timeUp('grace');
    expect(world.reports.at(-1)).toMatchObject({
      report: 'gone',
      participant: 'b',
      connectionId: 'conn-b',
      onlyIfDisconnected: false,
    });
  });

  test('is waited for anew when a return was missed', () => {
    joinAndSettle('a', 'b');
    send(conference.vanish('b'));
    world.timeUp('grace');
    conference.comeBack('b', 'conn-b2');
    send(conference.vanish('b'));
    expect(world.waits('grace')).toEqual([['b@2', 50]]);
    world.timeUp('grace');
    expect(world.reports.at(-1)).toMatchObject({ report: 'gone', connectionId: 'conn-b2' });
  });

  test('is called off by a return, and what was missed is told on the new connection', () => {
    joinAndSettle('a', 'b');
    send(conference.vanish('b'));
    joinAndSettle('c');
    expect(framesTo('conn-b')).toHaveLength(1);
    send(conference.comeBack('b', 'conn-b2'));
    expect(world.waits('grace')).toEqual([]);
    expect(connectionsIn(framesTo('conn-b2')[0]?.messages[0])).toMatchObject([
      { url: urlOf('b-r0'), peer: hyperty('a') },
      { url: urlOf('b-r1'), peer: hyperty('c') },
      { url: urlOf('b-r2'), peer: null },
    ]);
  });
});

describe('transports', () => {
  test('of a publication are reported, once for each change', () => {
    joinAndSettle('a');
    const { ref } = world.endpoint('a-pub');
    world.send({ type: 'transport', endpoint: ref, state: 'closed' });
    world.send({ type: 'transport', endpoint: ref, state: 'disconnected' });
    expect(world.reports).toMatchObject([
      { report: 'media', participant: 'a', admitted: 1, media: 'connected' },
      { report: 'media', participant: 'a', admitted: 1, media: 'failed' },
    ]);
  });

  test('a receiver without media is left alone: its source may be the cause', () => {
    joinAndSettle('a', 'b');
    world.send({ type: 'transport', endpoint: world.endpoint('b-r0').ref, state: 'disconnected' });
    expect(world.linked).toContain('b-r0←a-pub');
  });

  test('a receiver that its client has closed is replaced by a new offer only', () => {
    joinAndSettle('a', 'b');
    world.send({ type: 'transport', endpoint: world.endpoint('b-r0').ref, state: 'closed' });
    world.settle();
    expect(world.linked).toEqual(['a-r0←b-pub']);
    send(conference.update('b', connectionsOf('b', 1, 10)));
    world.settle();
    expect(world.linked).toEqual(['a-r0←b-pub', 'b-r1←a-pub']);
  });
});

describe('candidates', () => {
  const candidate = (nth: number) => ({ candidate: `candidate:${nth}`, sdpMid: '0', sdpMLineIndex: 0 });
  const trickle = (name: string, nth: number) => [{ url: urlOf(name), iceCandidates: [candidate(nth)] }];

  test('wait for the answer to their offer, and for the offer itself', () => {
    const added: string[] = [];
    const join = conference.join('a');
    send(conference.update('a', [], { candidates: trickle('a-pub', 1) }));
    send(join);
    send(conference.update('a', [], { candidates: trickle('a-pub', 2) }));
    const answered = world.endpoint('a-pub');
    const actions = world.during(() => world.answer(answered));
    for (const action of actions) if (action.type === 'addCandidate') added.push(action.candidate.candidate);
    expect(added).toEqual(['candidate:1', 'candidate:2']);
  });

  test('of an answered connection go straight on', () => {
    joinAndSettle('a');
    const actions = world.during(() => send(conference.update('a', [], { candidates: trickle('a-r0', 3) })));
    expect(actions).toContainEqual(expect.objectContaining({ type: 'addCandidate', candidate: candidate(3) }));
  });

  test('without end are not kept without end', () => {
    joinAndSettle('a');
    for (let nth = 0; nth < 300; nth++)
      send(conference.update('a', [], { candidates: trickle(`unknown-${nth % 30}`, nth) }));
    const member = [...world.state.rooms.values()][0]?.members.get('a@1');
    expect(member?.early.size).toBeLessThanOrEqual(16);
  });
});

describe('incarnations', () => {
  test('a room created anew ends the one before, whose stragglers start nothing', () => {
    joinAndSettle('a');
    const straggler = conference.join('b');
    const next = new Conference({ incarnation: 'i2', created: '2026-01-02T00:00:00.000Z' });
    send(next.join('c'));
    world.settle();
    expect([...world.pipelines]).toEqual([`${next.url} i2 1`]);

    send(straggler);
    expect(world.responsesTo(straggler.reply.request.id)).toMatchObject([{ code: 503, retryAfter: 1 }]);
    expect([...world.pipelines]).toEqual([`${next.url} i2 1`]);
  });

  test('a straggler of an earlier one does not end the present one', () => {
    const next = new Conference({ incarnation: 'i2', created: '2026-01-02T00:00:00.000Z' });
    send(next.join('c'));
    world.settle();
    const straggler = conference.join('a');
    send(straggler);
    expect(world.responsesTo(straggler.reply.request.id)).toMatchObject([{ code: 503, retryAfter: 1 }]);
    expect([...world.pipelines]).toEqual([`${next.url} i2 1`]);
    expect(world.endpoints.size).toBe(2);
  });
});
