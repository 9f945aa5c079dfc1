import { MediaKind } from '@hyperroom/protocol';
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
import { connection, offerSdp } from './testing.ts';

beforeEach(() => openScene());

const publish = (id: string, name: string, as: 'main' | 'screen', sdp = offerSdp(name)) =>
  conference.update(id, [connection(id, name, as, sdp)]);
const endpointNames = () => namesOf([...world.endpoints.values()].map(({ ref }) => ref.url)).sort();
const lastPushTo = (id: string) => connectionsIn(framesTo(`conn-${id}`).at(-1)?.messages[0]);

describe('a screen', () => {
  test('is shown beside what its participant publishes already', () => {
    joinAndSettle('a', 'b');
    const command = publish('a', 'a-screen', 'screen');
    send(command);
    world.settle();
    expect(world.linked).toEqual(['a-r0←b-pub', 'b-r0←a-pub', 'b-r1←a-screen']);
    expect(world.responsesTo(command.reply.request.id)).toMatchObject([
      { code: 200, connections: [{ url: urlOf('a-screen'), connectionDescription: { type: 'answer' } }] },
    ]);
    expect(lastPushTo('b')).toContainEqual({ url: urlOf('b-r1'), peer: hyperty('a'), publication: 'screen' });
    expect(world.reports.at(-1)).toMatchObject({
      report: 'media',
      participant: 'a',
      publication: 'screen',
      connection: urlOf('a-screen'),
      media: 'connected',
    });
  });

  test('that ends takes the receivers that showed it along, and no others', () => {
    joinAndSettle('a', 'b');
    send(publish('a', 'a-screen', 'screen'));
    world.settle();
    const posts = world.posts.length;
    send(conference.unpublish('a', 'screen'));
    expect(world.linked).toEqual(['a-r0←b-pub', 'b-r0←a-pub']);
    expect(endpointNames()).toEqual(['a-pub', 'a-r0', 'a-r1', 'b-pub', 'b-r0', 'b-r2']);
    expect(world.posts, 'its clients know from the room').toHaveLength(posts);
  });
});

describe('a publication whose connection is replaced', () => {
  test('goes on until the new one brings media, and nobody is told anything', () => {
    joinAndSettle('a', 'b');
    send(publish('a', 'a-new', 'main'));
    world.answer(world.endpoint('a-new'));
    expect(world.linked).toEqual(['a-r0←b-pub', 'b-r0←a-pub']);
    const before = framesTo('conn-b').length;

    const reports = world.reports.length;
    world.connect(world.endpoint('a-new'));
    expect(world.linked, 'its transport is not enough').toEqual(['a-r0←b-pub', 'b-r0←a-pub']);
    expect(world.reports, 'its client would close the other').toHaveLength(reports);

    world.flow(world.endpoint('a-new'));
    expect(world.linked).toEqual(['a-r0←b-pub', 'b-r0←a-new']);
    expect(endpointNames()).not.toContain('a-pub');
    expect(framesTo('conn-b')).toHaveLength(before);
    expect(world.reports.at(-1)).toMatchObject({ connection: urlOf('a-new'), media: 'connected' });
  });

  test('goes on until the new one brings all that it brings', () => {
    joinAndSettle('a', 'b');
    for (const kind of MediaKind.options) world.flow(world.endpoint('a-pub'), true, kind);
    send(publish('a', 'a-new', 'main'));
    world.settle();
    world.flow(world.endpoint('a-new'), true, 'audio');
    expect(world.linked).toContain('b-r0←a-pub');
    world.flow(world.endpoint('a-new'), true, 'video');
    expect(world.linked).toContain('b-r0←a-new');
  });

  test('goes on while the new one brings nothing, until its client closes it', () => {
    joinAndSettle('a', 'b');
    send(publish('a', 'a-new', 'main'));
    world.settle();
    world.send({ type: 'transport', endpoint: world.endpoint('a-pub').ref, state: 'closed' });
    expect(world.linked).toContain('b-r0←a-new');
    expect(world.reports.at(-1)).toMatchObject({ connection: urlOf('a-new'), media: 'connected' });
  });

  test('goes on though one in between brings nothing', () => {
    joinAndSettle('a', 'b');
    world.flow(world.endpoint('a-pub'));
    send(publish('a', 'a-new', 'main'));
    world.settle();
    send(publish('a', 'a-newest', 'main'));
    expect(world.linked).toContain('b-r0←a-pub');
    expect(endpointNames()).not.toContain('a-new');
  });

  test('is replaced as soon as its client has closed it', () => {
    joinAndSettle('a', 'b');
    send(publish('a', 'a-new', 'main'));
    world.answer(world.endpoint('a-new'));
    const reports = world.reports.length;
    world.send({ type: 'transport', endpoint: world.endpoint('a-pub').ref, state: 'closed' });
    expect(world.linked).toContain('b-r0←a-new');
    expect(endpointNames()).not.toContain('a-pub');
    expect(world.reports, 'nobody asks about the old one any more').toHaveLength(reports);
  });

  test('twice on its way is answered once: the first starts nothing', () => {
    joinAndSettle('a', 'b');
    const first = publish('a', 'a-new', 'main');
    send(publish('a', 'a-newest', 'main'));
    const actions = world.during(() => send(first));
    expect(actions.filter(({ type }) => type !== 'post')).toEqual([]);
    world.settle();
    world.flowAll();
    expect(world.responsesTo(first.reply.request.id)).toMatchObject([
      { code: 200, connections: [{ url: urlOf('a-new'), error: 'not published any more' }] },
    ]);
    expect(world.linked).toContain('b-r0←a-newest');
  });
});

describe('an added publication that cannot be answered', () => {
  test('is reported, its participant is told, and stays', () => {
    joinAndSettle('a', 'b');
    const command = publish('a', 'a-screen', 'screen');
    send(command);
    world.fail(world.endpoint('a-screen'));
    expect(world.responsesTo(command.reply.request.id)).toMatchObject([
      { code: 200, connections: [{ url: urlOf('a-screen'), error: 'bad SDP' }] },
    ]);
    expect(world.reports.at(-1)).toMatchObject({
      report: 'unpublished',
      participant: 'a',
      admitted: 1,
      publication: 'screen',
      connection: urlOf('a-screen'),
    });
    world.settle();
    expect(world.linked).toEqual(['a-r0←b-pub', 'b-r0←a-pub']);

    send(command);
    expect(world.responsesTo(command.reply.request.id)).toHaveLength(2);
    expect(endpointNames()).not.toContain('a-screen');
  });

  test('uses up nobody’s offers', () => {
    joinAndSettle('a', 'b');
    send(publish('a', 'a-screen', 'screen'));
    world.fail(world.endpoint('a-screen'));
    send(conference.unpublish('a', 'screen'));
    joinAndSettle('c');
    expect(world.linked).toContain('b-r1←c-pub');
  });

  test('while the media server is out of reach is reported as well', () => {
    joinAndSettle('a');
    world.send({ type: 'media', state: 'away' });
    const command = publish('a', 'a-screen', 'screen');
    send(command);
    expect(world.responsesTo(command.reply.request.id)).toMatchObject([{ code: 503 }]);
    expect(world.reports.at(-1)).toMatchObject({ report: 'unpublished', connection: urlOf('a-screen') });
  });
});

describe('the codec of a room', () => {
  const h264 = (name: string) => offerSdp(name).replace('VP8', 'H264');
  const both = (name: string) => offerSdp(name).replace('SAVPF 96\r\n', 'SAVPF 98 96\r\na=rtpmap:98 H264/90000\r\n');

  test('is all that the media server is offered', () => {
    openScene({ roster: { maxBitrate: 800 } });
    send(conference.join('a', [connection('a', 'a-pub', 'main', both('a-pub'))]));
    expect(world.endpoint('a-pub')).toMatchObject({ offer: offerSdp('a-pub'), maxBitrate: 800 });
  });

  test('a join without it fails', () => {
    const command = conference.join('a', [connection('a', 'a-pub', 'main', h264('a-pub'))]);
    send(command);
    expect(world.responsesTo(command.reply.request.id)).toMatchObject([
      { code: 400, description: 'the offer lacks VP8' },
    ]);
    expect(world.reports).toMatchObject([{ report: 'gone', participant: 'a', onlyIfDisconnected: false }]);
    expect(endpointNames()).toEqual([]);
  });

  test('an offer to receive without it is of no use', () => {
    joinAndSettle('a');
    const command = conference.update('a', [connection('a', 'a-r9', 'receive', h264('a-r9'))]);
    send(command);
    expect(world.responsesTo(command.reply.request.id)).toMatchObject([
      { connections: [{ url: urlOf('a-r9'), error: 'the offer lacks VP8' }] },
    ]);
  });

  test('is what it was created with', () => {
    openScene({ roster: { codec: 'H264' } });
    send(conference.join('a', [connection('a', 'a-pub', 'main', h264('a-pub'))]));
    expect(world.endpoint('a-pub').offer).toBe(h264('a-pub'));
  });
});
