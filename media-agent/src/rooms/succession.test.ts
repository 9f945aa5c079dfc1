import { beforeEach, describe, expect, test } from 'vitest';
import { conference, hyperty, joinAndSettle, namesOf, openScene, send, urlOf, world } from './scene.testing.ts';
import { successor } from './testing.ts';

beforeEach(() => {
  openScene();
  joinAndSettle('a', 'b');
});

const endpoints = () =>
  namesOf([...world.endpoints.values()].map(({ ref }) => ref.url)).filter((name) => /^b/.test(name));
const replace = (name: string, replaced: string) => {
  const command = conference.update('b', [successor('b', name, urlOf(replaced))]);
  send(command);
  return world.responsesTo.bind(world, command.reply.request.id);
};

const close = (name: string) => world.send({ type: 'transport', endpoint: world.endpoint(name).ref, state: 'closed' });

describe('a receiving connection in place of another', () => {
  test('is answered at once, and shows the same', () => {
    const responses = replace('b-s', 'b-r0');
    world.answer(world.endpoint('b-s'));
    expect(responses()).toMatchObject([
      { code: 200, connections: [{ url: urlOf('b-s'), peer: hyperty('a'), publication: 'main' }] },
    ]);
    expect(world.linked).toEqual(['a-r0←b-pub', 'b-r0←a-pub']);
  });

  test('gets the media too when its transport stands, and takes over when its client closes the other one', () => {
    replace('b-s', 'b-r0');
    world.answer(world.endpoint('b-s'));
    world.connect(world.endpoint('b-s'));
    expect(world.linked).toEqual(['a-r0←b-pub', 'b-r0←a-pub', 'b-s←a-pub']);
    expect(world.waits('handOver')).toEqual([[urlOf('b-s'), 4_000]]);

    close('b-r0');
    expect(world.linked).toEqual(['a-r0←b-pub', 'b-s←a-pub']);
    expect(endpoints()).toEqual(['b-pub', 'b-r1', 'b-s']);
    world.timeUp('handOver');
    expect(endpoints()).toEqual(['b-pub', 'b-r1', 'b-s']);
  });

  test('takes over in time where nothing tells that the other one is closed', () => {
    replace('b-s', 'b-r0');
    world.settle();
    world.timeUp('handOver');
    expect(world.linked).toEqual(['a-r0←b-pub', 'b-s←a-pub']);
    expect(endpoints()).toEqual(['b-pub', 'b-r1', 'b-s']);
  });

  test('takes no place of another while both stand', () => {
    openScene({ roster: { lastN: 2 } });
    joinAndSettle('a', 'b');
    replace('b-s', 'b-r0');
    joinAndSettle('c');
    expect(world.linked.filter((link) => link.startsWith('b'))).toEqual(['b-r0←a-pub', 'b-r1←c-pub', 'b-s←a-pub']);
  });

  test('that is closed instead leaves the other one as it is', () => {
    replace('b-s', 'b-r0');
    world.settle();
    close('b-s');
    expect(world.linked).toEqual(['a-r0←b-pub', 'b-r0←a-pub']);
    world.timeUp('handOver');
    expect(endpoints()).toEqual(['b-pub', 'b-r0', 'b-r1']);
  });

  test('that has worked, and is replaced itself, is what goes on meanwhile', () => {
    replace('b-s', 'b-r0');
    world.settle();
    replace('b-t', 'b-s');
    expect(world.linked).toEqual(['a-r0←b-pub', 'b-s←a-pub']);
    expect(endpoints()).toEqual(['b-pub', 'b-r1', 'b-s', 'b-t']);
  });

  test('of a spare is a spare', () => {
    replace('b-s', 'b-r1');
    world.settle();
    close('b-r1');
    expect(endpoints()).toEqual(['b-pub', 'b-r0', 'b-s']);
    joinAndSettle('c');
    expect(world.linked).toContain('b-s←c-pub');
  });

  test('is its successor even if the other one is closed before: what it shows is not waived', () => {
    replace('b-s', 'b-r0');
    close('b-r0');
    world.settle();
    expect(world.linked).toContain('b-s←a-pub');
  });

  test('is its successor at once, be the media server out of reach', () => {
    replace('b-s', 'b-r0');
    world.settle();
    world.send({ type: 'media', state: 'away' });
    close('b-r0');
    const [room] = world.state.rooms.values();
    expect(room?.members.get('b@2')?.receivers.get(urlOf('b-s'))?.replaces).toBeNull();
  });

  test('follows the other one, should that show somebody else meanwhile', () => {
    openScene({ roster: { lastN: 1 } });
    joinAndSettle('a', 'b', 'c');
    replace('b-s', 'b-r0');
    send(conference.speak('c'));
    world.settle();
    expect(world.linked.filter((link) => link.startsWith('b'))).toEqual(['b-r0←c-pub', 'b-s←c-pub']);
    expect(world.view(hyperty('b')).peers.get(urlOf('b-s'))).toEqual({ peer: hyperty('c'), publication: 'main' });
  });

  test('that fails leaves the other one alone', () => {
    replace('b-s', 'b-r0');
    world.fail(world.endpoint('b-s'));
    world.settle();
    expect(world.linked).toContain('b-r0←a-pub');
    expect(endpoints()).toEqual(['b-pub', 'b-r0', 'b-r1']);
  });

  test.each(['b-r0', 'b-s'])('tried again in place of %s, is alone with the one that still stands', (replaced) => {
    replace('b-s', 'b-r0');
    world.answer(world.endpoint('b-s'));
    replace('b-t', replaced);
    expect(endpoints()).toEqual(['b-pub', 'b-r0', 'b-r1', 'b-t']);
    world.settle();
    close('b-r0');
    expect(world.linked).toEqual(['a-r0←b-pub', 'b-t←a-pub']);
    expect(endpoints()).toEqual(['b-pub', 'b-r1', 'b-t']);
  });

  test('goes with it when what it shows ends', () => {
    replace('b-s', 'b-r0');
    send(conference.leave('a'));
    world.settle();
    expect(endpoints()).toEqual(['b-pub', 'b-r1']);
  });

  test('of one that is not there any more is an offer like any other', () => {
    replace('b-s', 'b-r77');
    expect(endpoints(), 'there is a spare already').toEqual(['b-pub', 'b-r0', 'b-r1']);
    joinAndSettle('c', 'd', 'e');
    expect(endpoints()).toContain('b-s');
  });
});
