import type { SubscriptionChoice } from '@hyperroom/protocol';
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
import { connection, connectionsOf } from './testing.ts';

beforeEach(() => openScene());

const main = (participant: string, subscribed = true, ...paused: SubscriptionChoice['paused']): SubscriptionChoice => ({
  participant,
  publication: 'main',
  subscribed,
  paused,
});
const wish = (id: string, revision: number, auto: boolean, ...choices: SubscriptionChoice[]) =>
  conference.update(id, [], { subscriptions: { revision, auto, choices } });
const pushes = (id: string) =>
  framesTo(`conn-${id}`)
    .flatMap(({ messages }) => messages)
    .filter(({ type }) => type === 'update')
    .map(connectionsIn);
const endpointNames = () => namesOf([...world.endpoints.values()].map(({ ref }) => ref.url));

describe('what is paused', () => {
  test('stops by kind and comes back, over the same connection and without a word', () => {
    joinAndSettle('a', 'b');
    const before = pushes('b').length;
    send(wish('b', 1, true, main('a', true, 'video')));
    expect(world.linked).toEqual(['a-r0←b-pub', 'b-r0←a-pub audio']);
    send(wish('b', 2, true, main('a', true, 'video', 'audio')));
    expect(world.linked).toEqual(['a-r0←b-pub']);
    send(wish('b', 3, true, main('a')));
    expect(world.linked).toEqual(['a-r0←b-pub', 'b-r0←a-pub']);
    expect(pushes('b')).toHaveLength(before);
  });

  test('at once, if the newest wish is not the last to come', () => {
    joinAndSettle('a', 'b');
    const late = wish('b', 1, true, main('a'));
    send(wish('b', 2, true, main('a', true, 'video')));
    send(late);
    expect(world.linked).toContain('b-r0←a-pub audio');
    expect(world.responsesTo(late.reply.request.id), 'it is answered all the same').toMatchObject([
      { code: 200, connections: [] },
    ]);
  });

  test('a request that offers nothing waits for no answer', () => {
    joinAndSettle('a', 'b');
    send(conference.update('b', [connection('b', 'b-screen', 'screen')]));
    const command = wish('b', 1, true, main('a', true, 'video'));
    send(command);
    expect(world.responsesTo(command.reply.request.id)).toHaveLength(1);
  });
});

describe('what a moderator blocks', () => {
  test('reaches nobody until it is unblocked, on whatever connection', () => {
    joinAndSettle('a', 'b', 'c');
    send(conference.block('a', 'main', 'audio'));
    expect(world.linked.filter((link) => link.includes('←a-'))).toEqual(['b-r0←a-pub video', 'c-r0←a-pub video']);
    send(conference.update('a', [connection('a', 'a-new', 'main')]));
    world.settle();
    world.flowAll();
    expect(world.linked.filter((link) => link.includes('←a-'))).toEqual(['b-r0←a-new video', 'c-r0←a-new video']);
    joinAndSettle('d');
    expect(world.linked).toContain('d-r0←a-new video');
    send(conference.block('a', 'main'));
    expect(world.linked).toContain('b-r0←a-new');
  });
});

describe('what is not subscribed to', () => {
  test('gives its connection to what is, without an answer in between', () => {
    send(conference.join('a'));
    send(conference.join('b'));
    send(conference.join('c', [connection('c', 'c-pub', 'main'), ...connectionsOf('c', 1)]));
    world.settle();
    expect(world.linked.filter((link) => link.startsWith('c-'))).toEqual(['c-r0←a-pub']);
    send(wish('c', 1, true, main('a', false)));
    expect(world.linked.filter((link) => link.startsWith('c-'))).toEqual(['c-r0←b-pub']);
    expect(pushes('c').at(-1)).toEqual([{ url: urlOf('c-r0'), peer: hyperty('b'), publication: 'main' }]);
  });

  test('gives it up if there is nothing else to see', () => {
    joinAndSettle('a', 'b');
    send(wish('b', 1, false));
    expect(world.linked).toEqual(['a-r0←b-pub']);
    expect(endpointNames()).not.toContain('b-r0');
    expect(pushes('b').at(-1)).toEqual([{ url: urlOf('b-r0'), peer: null, error: 'not subscribed to any more' }]);

    send(wish('b', 2, false, main('a')));
    expect(world.linked).toContain('b-r1←a-pub');
  });

  test('holds for somebody who joins so', () => {
    joinAndSettle('a');
    send(conference.join('b', undefined, { subscriptions: { revision: 1, auto: false, choices: [] } }));
    world.settle();
    expect(world.linked).toEqual(['a-r0←b-pub']);
  });

  test('nothing is, by who may not receive', () => {
    joinAndSettle('a');
    send(conference.join('b', undefined, { subscribes: false }));
    world.settle();
    expect(world.linked).toEqual(['a-r0←b-pub']);
    expect(endpointNames().filter((name) => name.startsWith('b-r'))).toEqual([]);
  });
});

describe('more publications than the last N', () => {
  beforeEach(() => {
    openScene({ roster: { lastN: 2 } });
    joinAndSettle('a', 'b', 'c', 'd');
  });
  const seenBy = (id: string) => world.linked.filter((link) => link.startsWith(`${id}-`));

  test('take no more connections than that, spares included', () => {
    expect(seenBy('d')).toEqual(['d-r0←a-pub', 'd-r1←b-pub']);
    expect(endpointNames().filter((name) => name.startsWith('d-r'))).toEqual(['d-r0', 'd-r1']);
  });

  test('who begins to speak is shown instead of who was last, and the others are told at once', () => {
    const answers = world.during(() => send(conference.speak('c'))).filter(({ type }) => type === 'answer');
    expect(answers).toEqual([]);
    expect(seenBy('d')).toEqual(['d-r0←a-pub', 'd-r1←c-pub']);
    expect(pushes('d').at(-1)).toEqual([{ url: urlOf('d-r1'), peer: hyperty('c'), publication: 'main' }]);
    expect(seenBy('c'), 'a speaker does not see itself').toEqual(['c-r0←a-pub', 'c-r1←b-pub']);
  });

  test('a switch is told even while an answer of something else is under way', () => {
    send(conference.update('d', [connection('d', 'd-screen', 'screen')]));
    send(conference.speak('c'));
    expect(namesOf(world.answering.map(({ ref }) => ref.url))).toEqual(['d-screen']);
    expect(pushes('d').at(-1)).toEqual([{ url: urlOf('d-r1'), peer: hyperty('c'), publication: 'main' }]);
  });

  test('a screen comes first, as soon as there is something to see', () => {
    send(conference.update('c', [connection('c', 'c-screen', 'screen')]));
    expect(seenBy('d')).toEqual(['d-r0←a-pub', 'd-r1←b-pub']);
    world.answer(world.endpoint('c-screen'));
    expect(seenBy('d')).toEqual(['d-r0←a-pub', 'd-r1←c-screen']);
    send(conference.unpublish('c', 'screen'));
    send(conference.update('d', connectionsOf('d', 1, 10)));
    world.settle();
    expect(seenBy('d')).toEqual(['d-r0←a-pub', 'd-r2←b-pub']);
  });

  test('what is chosen is always among them', () => {
    send(wish('d', 1, true, main('c')));
    send(conference.speak('b'));
    expect(seenBy('d')).toEqual(['d-r0←b-pub', 'd-r1←c-pub'].sort());
  });
});
