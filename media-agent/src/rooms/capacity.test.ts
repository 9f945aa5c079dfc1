import { beforeEach, describe, expect, test } from 'vitest';
import { conference, hyperty, joinAndSettle, namesOf, openScene, send, urlOf, world } from './scene.testing.ts';
import { Conference, connection, joinOffers } from './testing.ts';
import { World } from './world.testing.ts';

let other: Conference;
const names = () => namesOf([...world.endpoints.values()].map(({ ref }) => ref.url)).sort();

function joinOther(id: string, pool = 3): number | undefined {
  const join = other.join(id, joinOffers(id, pool));
  send(join);
  world.settle();
  return world.responsesTo(join.reply.request.id).at(-1)?.code;
}

beforeEach(() => {
  openScene({}, new World(8));
  other = new Conference({ roomId: 'other' });
});

describe('where there may be no more endpoints', () => {
  const FULL = ['a-pub', 'a-r0', 'b-pub', 'b-r0', 'x-pub', 'x-r0', 'y-pub', 'y-r0'];

  beforeEach(() => {
    joinAndSettle('a', 'b');
    joinOther('x');
    expect(names()).toEqual(['a-pub', 'a-r0', 'a-r1', 'b-pub', 'b-r0', 'b-r1', 'x-pub', 'x-r0']);
    expect(joinOther('y')).toBe(200);
  });

  test('spares give way to what is shown, in whatever room, and their clients are told', () => {
    expect(names()).toEqual(FULL);
    expect(world.view(hyperty('a')).errors.get(urlOf('a-r1'))).toBe('needed for what is shown');
  });

  test('nobody joins who could not see those who are there', () => {
    const join = other.join('z');
    send(join);
    expect(world.responsesTo(join.reply.request.id)).toMatchObject([
      { code: 503, description: 'the media server is full', retryAfter: 1 },
    ]);
    expect(world.reports.at(-1)).toMatchObject({ report: 'gone', participant: 'z', onlyIfDisconnected: false });
    expect(names()).toEqual(FULL);
  });

  test('a publication is refused, and its participant stays; the same offer will do later', () => {
    const command = conference.update('a', [connection('a', 'a-screen', 'screen')]);
    send(command);
    expect(world.responsesTo(command.reply.request.id)).toMatchObject([{ code: 503, retryAfter: 1 }]);
    expect(world.reports.at(-1)).toMatchObject({ report: 'unpublished', participant: 'a', publication: 'screen' });

    send(other.leave('y'));
    const again = conference.update('a', [connection('a', 'a-screen', 'screen')]);
    send(again);
    world.settle();
    expect(world.responsesTo(again.reply.request.id)).toMatchObject([{ code: 200 }]);
    expect(world.linked).toContain('b-r2←a-screen');
  });

  test('what is there already takes no place', () => {
    const join = other.join('z', []);
    send(join);
    send(other.update('x', [connection('x', 'x-pub', 'main')]));
    expect(world.responsesTo(join.reply.request.id)).toMatchObject([{ code: 200 }]);
    expect(names()).toEqual(FULL);
  });
});

test('no spare gives way in vain', () => {
  joinAndSettle('a', 'b');
  joinOther('x');
  joinAndSettle('c');
  const before = names();
  const join = conference.join('d');
  send(join);
  expect(world.responsesTo(join.reply.request.id)).toMatchObject([{ code: 503 }]);
  expect(names()).toEqual(before);
});

test('who lacks an endpoint gets what others free, in whatever room', () => {
  openScene({}, new World(6));
  joinAndSettle('a');
  joinOther('x', 1);
  joinOther('y', 1);
  expect(names()).toEqual(['a-pub', 'a-r0', 'x-pub', 'x-r0', 'y-pub', 'y-r0']);
  send(conference.join('b', joinOffers('b', 0)));
  world.settle();
  expect(names(), 'nobody can see the newcomer').toEqual(['a-pub', 'b-pub', 'x-pub', 'x-r0', 'y-pub', 'y-r0']);

  send(other.leave('y'));
  world.settle();
  expect(world.linked).toEqual(['a-r1←b-pub']);
});
