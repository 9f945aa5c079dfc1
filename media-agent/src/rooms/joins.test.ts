import { response } from '@hyperroom/protocol';
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
import { ADDRESSES, connection, connectionsOf, offerSdp } from './testing.ts';

beforeEach(() => openScene());

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

  test('tells of the relays that it came with, and so does an offer', () => {
    const serversUntil = (time: number) => [{ urls: ['turn:192.0.2.1'], username: `${time}:a`, credential: 'signed' }];
    const iceServers = serversUntil(1735689600);
    world.send({ type: 'command', command: conference.join('a'), iceServers });
    world.settle();
    expect(framesTo('conn-a')[0]?.messages.at(-1)?.body).toMatchObject({ code: 200, iceServers });
    const later = serversUntil(1735776000);
    const command = conference.update('a', [connection('a', 'a-r1', 'receive')]);
    world.send({ type: 'command', command, iceServers: later });
    world.settle();
    expect(framesTo('conn-a')[1]?.messages.at(-1)?.body).toMatchObject({
      code: 200,
      version: expect.any(Number),
      iceServers: later,
    });
    send(conference.update('a', [connection('a', 'a-r2', 'receive')]));
    world.settle();
    expect(framesTo('conn-a')[2]?.messages.at(-1)?.body).not.toHaveProperty('iceServers');
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
    const stay = { resource: conference.url, incarnation: 'i1', epoch: 1, participant: 'a', admitted: 2 };
    expect(world.reports, 'whatever connection it has by now').toContainEqual({
      report: 'gone',
      ...stay,
      onlyIfDisconnected: false,
    });
    expect(world.endpoints.size).toBe(2);
    expect(framesTo('conn-b'), 'nobody else has heard of it').toHaveLength(1);

    send(command);
    expect(world.responsesTo(command.reply.request.id)).toHaveLength(2);
    expect(world.endpoints.size).toBe(2);
  });

  test.each(['__proto__', 'constructor'])('of %s, which every object has, is nobody’s', (participant) => {
    joinAndSettle('a');
    for (const command of [conference.join('b'), conference.update('a', connectionsOf('a', 1, 20))]) {
      const before = world.endpoints.size;
      send({ ...command, participant });
      expect(world.responsesTo(command.reply.request.id)).toMatchObject([{ code: 404 }]);
      expect(world.endpoints.size).toBe(before);
    }
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
    send(conference.join('a', [connection('a', 'a-pub', 'main')]));
    world.settle();
    joinAndSettle('b');
    expect(world.linked).toEqual(['b-r0←a-pub']);

    send(conference.update('a', connectionsOf('a', 2, 10)));
    world.settle();
    expect(world.linked).toEqual(['a-r10←b-pub', 'b-r0←a-pub']);
    expect(world.responsesTo('a-3')[0]).toMatchObject({
      code: 200,
      version: 2,
      connections: [{ peer: hyperty('b') }, { peer: null }],
    });
  });
});
