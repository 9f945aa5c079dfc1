import { ConnectionsBody, type MediaCommand, type Message, response } from '@hyperroom/protocol';
import * as v from 'valibot';
import { beforeEach, describe, expect, test } from 'vitest';
import { ADDRESSES, Conference, connection, connectionsOf, offerSdp } from './testing.ts';
import { World } from './world.testing.ts';

let conference: Conference;
let world: World;

beforeEach(() => {
  conference = new Conference();
  world = new World();
});

const send = (command: MediaCommand) => world.send({ type: 'command', command });
const urlOf = (name: string) => ADDRESSES.connection(name);
const hyperty = (id: string) => ADDRESSES.hyperty(id);
const namesOf = (urls: Iterable<string>) => [...urls].map((url) => url.slice(url.lastIndexOf('/') + 1));
const framesTo = (connectionId: string) => world.posts.filter((post) => post.connectionId === connectionId);
const connectionsIn = (message: Message | undefined) =>
  v.parse(v.pick(ConnectionsBody, ['connections']), message?.body).connections;

function joinAndSettle(...ids: string[]): void {
  for (const id of ids) {
    send(conference.join(id));
    world.settle();
  }
}

describe('a join', () => {
  test('is answered in one frame, behind the responses that were waiting for it', () => {
    const command = conference.join('a');
    const earlier = response({ id: 1, from: hyperty('a'), to: ADDRESSES.registry }, 200);
    send({ ...command, reply: { ...command.reply, before: [earlier] } });
    expect(namesOf(world.answering.map(({ ref }) => ref.url))).toEqual(['a-pub', 'a-r0']);
    expect(world.posts).toEqual([]);

    world.settle();
    expect(framesTo('conn-a')).toHaveLength(1);
    const [first, joined] = framesTo('conn-a')[0]?.messages ?? [];
    expect(first).toBe(earlier);
    expect(joined).toMatchObject({ id: 'a-1', type: 'response', to: hyperty('a'), from: ADDRESSES.conference });
    expect(joined?.body).toMatchObject({ code: 200, value: command.room });
    expect(connectionsIn(joined)).toEqual([
      { url: urlOf('a-pub'), connectionDescription: { type: 'answer', sdp: offerSdp('a-pub') } },
      { url: urlOf('a-r0'), peer: null, connectionDescription: { type: 'answer', sdp: offerSdp('a-r0') } },
    ]);
  });

  test('binds offers to those who publish already, even before they are answered', () => {
    send(conference.join('a'));
    send(conference.join('b'));
    expect(namesOf(world.answering.map(({ ref }) => ref.url))).toEqual(['a-pub', 'a-r0', 'b-pub', 'b-r0', 'b-r1']);
    world.settle();
    expect(connectionsIn(framesTo('conn-b')[0]?.messages[0])).toMatchObject([
      { url: urlOf('b-pub') },
      { url: urlOf('b-r0'), peer: hyperty('a') },
      { url: urlOf('b-r1'), peer: null },
    ]);
    expect(world.linked).toEqual(['a-r0←b-pub', 'b-r0←a-pub']);
  });

  test('connects a publication only once the receiver has its transport', () => {
    joinAndSettle('a');
    send(conference.join('b'));
    world.answer(world.endpoint('b-pub'));
    world.answer(world.endpoint('b-r0'));
    expect(world.linked).not.toContain('b-r0←a-pub');
    world.connect(world.endpoint('b-r0'));
    expect(world.linked).toContain('b-r0←a-pub');
  });

  test('that comes twice gets the same answers again and nothing new', () => {
    joinAndSettle('a');
    const command = conference.join('b');
    send(command);
    send(command);
    world.settle();
    expect(world.responsesTo('b-2')).toHaveLength(1);

    const endpoints = world.endpoints.size;
    send(command);
    expect(world.endpoints.size).toBe(endpoints);
    const [first, again] = world.responsesTo('b-2');
    expect(again).toEqual(first);
  });

  test('is turned away if its participant has left in the meantime', () => {
    joinAndSettle('b');
    const command = conference.join('a');
    send(conference.leave('a'));
    send(command);
    expect(world.responsesTo(command.reply.request.id)).toMatchObject([{ code: 404 }]);
    expect(namesOf([...world.endpoints.values()].map(({ ref }) => ref.url))).toEqual(['b-pub', 'b-r0']);
  });

  test('of an earlier stay starts nothing', () => {
    joinAndSettle('b');
    const first = conference.join('a');
    send(conference.leave('a'));
    joinAndSettle('a');
    const actions = world.during(() => send(first));
    expect(actions.map(({ type }) => type)).toEqual(['post']);
    expect(world.responsesTo(first.reply.request.id)).toMatchObject([{ code: 404 }]);
  });

  test('fails with its publication: 400, everything given back, to be removed', () => {
    joinAndSettle('b');
    const command = conference.join('a');
    send(command);
    world.fail(world.endpoint('a-pub'));
    expect(world.responsesTo(command.reply.request.id)).toEqual([
      { code: 400, description: 'bad SDP', desc: 'bad SDP' },
    ]);
    expect(world.reports).toContainEqual(
      expect.objectContaining({ report: 'gone', participant: 'a', admitted: 2, onlyIfDisconnected: false }),
    );
    expect(world.endpoints.size).toBe(2);
    expect(framesTo('conn-b'), 'nobody else has heard of it').toHaveLength(1);

    send(command);
    expect(world.responsesTo(command.reply.request.id)).toHaveLength(2);
    expect(world.endpoints.size).toBe(2);
  });

  test('uses none of its offers for a publication that has failed', () => {
    send(conference.join('a'));
    world.fail(world.endpoint('a-pub'));
    send(conference.join('b'));
    world.settle();
    expect(connectionsIn(framesTo('conn-b')[0]?.messages[0])).toMatchObject([
      { url: urlOf('b-pub') },
      { url: urlOf('b-r0'), peer: null },
    ]);
  });

  test('survives an offer to receive that fails', () => {
    joinAndSettle('a');
    const command = conference.join('b');
    send(command);
    world.fail(world.endpoint('b-r0'));
    world.settle();
    expect(connectionsIn(framesTo('conn-b')[0]?.messages[0])).toMatchObject([
      { url: urlOf('b-pub') },
      { url: urlOf('b-r0'), error: 'bad SDP' },
      { url: urlOf('b-r1'), peer: hyperty('a') },
    ]);
    expect(connectionsIn(framesTo('conn-b')[1]?.messages[0])).toMatchObject([{ url: urlOf('b-r2'), peer: null }]);
    expect(world.linked).toContain('b-r1←a-pub');
  });
});

test('a join does not wait for those who come after it', () => {
  send(conference.join('a'));
  send(conference.join('b'));
  for (const name of ['b-pub', 'a-pub', 'a-r0']) world.answer(world.endpoint(name));
  expect(connectionsIn(framesTo('conn-a')[0]?.messages[0])).toMatchObject([
    { url: urlOf('a-pub') },
    { url: urlOf('a-r0'), peer: hyperty('b') },
  ]);
  world.settle();
  expect(connectionsIn(framesTo('conn-a')[1]?.messages[0])).toMatchObject([{ url: urlOf('a-r1'), peer: null }]);
});

describe('a newcomer', () => {
  test('takes the spare of the others at once; its replacement travels in the same push', () => {
    joinAndSettle('a', 'b');
    const before = framesTo('conn-a').length;
    send(conference.join('c'));
    world.answer(world.endpoint('c-pub'));
    expect(world.linked).toContain('a-r1←c-pub');
    expect(framesTo('conn-a')).toHaveLength(before);

    world.settle();
    const frames = framesTo('conn-a').slice(before);
    expect(frames).toHaveLength(1);
    expect(frames[0]?.messages).toHaveLength(1);
    expect(frames[0]?.messages[0]).toMatchObject({
      type: 'update',
      from: ADDRESSES.conference,
      to: hyperty('a'),
      body: {
        resource: conference.url,
        version: 3,
        connections: [
          { url: urlOf('a-r1'), peer: hyperty('c') },
          { url: urlOf('a-r2'), peer: null, connectionDescription: { type: 'answer', sdp: offerSdp('a-r2') } },
        ],
      },
    });
  });

  test('whom nobody has an offer left for is seen as soon as there are more', () => {
    send(conference.join('a', [connection('a', 'a-pub', 'publish')]));
    world.settle();
    joinAndSettle('b');
    expect(world.linked).toEqual(['b-r0←a-pub']);

    send(conference.offer('a', connectionsOf('a', 2, 10)));
    world.settle();
    expect(world.linked).toEqual(['a-r10←b-pub', 'b-r0←a-pub']);
    expect(world.responsesTo('a-3')[0]).toMatchObject({
      code: 200,
      version: 2,
      connections: [{ peer: hyperty('b') }, { peer: null }],
    });
  });
});

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
    expect(world.forgetting.size).toBe(1);
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
      error: 'its peer has left',
    });
  });

  test('waits for the grace of one without a socket, and reports it until it is removed', () => {
    joinAndSettle('a', 'b');
    send(conference.vanish('b'));
    const [[key, ms] = ['', 0]] = [...world.graces];
    expect(ms).toBe(50);
    const room = key.slice(0, key.lastIndexOf(' '));
    world.send({ type: 'graceOver', room, stay: 'b@2' });
    world.send({ type: 'graceOver', room, stay: 'b@2' });
    expect(world.reports.filter(({ report }) => report === 'gone')).toMatchObject([
      { participant: 'b', admitted: 2, onlyIfDisconnected: true },
      { participant: 'b', admitted: 2, onlyIfDisconnected: true },
    ]);
    send(conference.leave('b'));
    expect(world.graces.size).toBe(0);
  });

  test('found out by a post counts as proof once the grace is over', () => {
    joinAndSettle('a', 'b');
    world.send({ type: 'unreachable', connectionId: 'conn-b' });
    const [key = ''] = world.graces.keys();
    world.send({ type: 'graceOver', room: key.slice(0, key.lastIndexOf(' ')), stay: 'b@2' });
    expect(world.reports.at(-1)).toMatchObject({ report: 'gone', participant: 'b', onlyIfDisconnected: false });
  });

  test('is called off by a return, and what was missed is told on the new connection', () => {
    joinAndSettle('a', 'b');
    send(conference.vanish('b'));
    joinAndSettle('c');
    expect(framesTo('conn-b')).toHaveLength(1);
    send(conference.comeBack('b', 'conn-b2'));
    expect(world.graces.size).toBe(0);
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
    send(conference.offer('b', connectionsOf('b', 1, 10)));
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
    send(conference.offer('a', [], trickle('a-pub', 1)));
    send(join);
    send(conference.offer('a', [], trickle('a-pub', 2)));
    const answered = world.endpoint('a-pub');
    const actions = world.during(() => world.answer(answered));
    for (const action of actions) if (action.type === 'addCandidate') added.push(action.candidate.candidate);
    expect(added).toEqual(['candidate:1', 'candidate:2']);
  });

  test('of an answered connection go straight on', () => {
    joinAndSettle('a');
    const actions = world.during(() => send(conference.offer('a', [], trickle('a-r0', 3))));
    expect(actions).toContainEqual(expect.objectContaining({ type: 'addCandidate', candidate: candidate(3) }));
  });

  test('without end are not kept without end', () => {
    joinAndSettle('a');
    for (let nth = 0; nth < 300; nth++) send(conference.offer('a', [], trickle(`unknown-${nth % 30}`, nth)));
    const member = [...world.state.rooms.values()][0]?.members.get('a@1');
    expect(member?.early.size).toBeLessThanOrEqual(16);
  });
});

describe('the media server', () => {
  test('out of reach: nobody joins, and who is there keeps what may survive', () => {
    joinAndSettle('a');
    world.send({ type: 'media', state: 'away' });
    const command = conference.join('b');
    send(command);
    expect(world.responsesTo(command.reply.request.id)).toMatchObject([{ code: 503 }]);
    expect(world.reports.at(-1)).toMatchObject({ report: 'gone', participant: 'b', onlyIfDisconnected: false });
    expect(world.endpoints.size).toBe(2);
  });

  test('lost: media reported failed, joins under way refused, rosters kept', () => {
    joinAndSettle('a');
    const command = conference.join('b');
    send(command);
    world.send({ type: 'media', state: 'lost' });
    expect(world.pipelines.size).toBe(0);
    expect(world.reports).toContainEqual(expect.objectContaining({ participant: 'a', media: 'failed' }));
    expect(world.responsesTo(command.reply.request.id)).toMatchObject([{ code: 503 }]);

    world.send({ type: 'media', state: 'up' });
    expect(world.pipelines.size).toBe(1);
    send(conference.offer('a', connectionsOf('a', 1, 10)));
    expect(namesOf(world.answering.map(({ ref }) => ref.url))).toEqual(['a-r10']);
  });
});

describe('incarnations', () => {
  test('a room created anew ends the one before, whose stragglers start nothing', () => {
    joinAndSettle('a');
    const straggler = conference.join('b');
    const next = new Conference({ incarnation: 'i2', created: '2026-01-02T00:00:00.000Z' });
    send(next.join('c'));
    world.settle();
    expect([...world.pipelines]).toEqual([`${next.url} i2`]);

    send(straggler);
    expect(world.responsesTo(straggler.reply.request.id)).toMatchObject([{ code: 404 }]);
    expect([...world.pipelines]).toEqual([`${next.url} i2`]);
  });

  test('a straggler of an earlier one does not end the present one', () => {
    const next = new Conference({ incarnation: 'i2', created: '2026-01-02T00:00:00.000Z' });
    send(next.join('c'));
    world.settle();
    const straggler = conference.join('a');
    send(straggler);
    expect(world.responsesTo(straggler.reply.request.id)).toMatchObject([{ code: 404 }]);
    expect([...world.pipelines]).toEqual([`${next.url} i2`]);
    expect(world.endpoints.size).toBe(2);
  });
});
