import { afterEach, describe, expect, it, vi } from 'vitest';
import { Cast, SOON } from './member.ts';
import { useScene } from './scene.ts';

const scene = useScene();

afterEach(() => scene().closePages());

const EVERYTHING = { room: '*', create: true, publish: true, subscribe: true, data: true, moderate: false };

describe('a token', () => {
  it.each([
    ['covers another room', { grants: { ...EVERYTHING, room: 'team-*' } }, 'forbidden'],
    ['creates nothing', { grants: { ...EVERYTHING, create: false } }, 'forbidden'],
    ['publishes nothing', { grants: { ...EVERYTHING, publish: false } }, 'forbidden'],
    ['publishes no camera', { grants: { ...EVERYTHING, publish: ['microphone' as const] } }, 'forbidden'],
    ['grants nothing', {}, 'forbidden'],
  ])('that %s', async (_, claims, code) => {
    const cast = await Cast.open(scene());
    const ada = await cast.arrive('Ada', claims);
    expect(await ada.join('grants')).toMatchObject({ code, message: expect.any(String) });
  });

  it('that creates nothing joins what somebody else has created', async () => {
    const cast = await Cast.open(scene());
    const ada = await cast.join('Ada', 'theirs');
    const ben = await cast.join('Ben', 'theirs', {}, { grants: { ...EVERYTHING, create: false } });
    await ben.expectMore(ada, 'video');
  });

  it('that has expired opens no connection', async () => {
    const cast = await Cast.open(scene());
    const ada = await cast.arrive('Ada', { grants: EVERYTHING }, -10);
    expect(await ada.join('expired')).toMatchObject({ code: 'connection-refused' });
  });

  it('that covers a pattern of rooms lets its bearer into each of them', async () => {
    const cast = await Cast.open(scene());
    const ada = await cast.join('Ada', 'team-red', {}, { grants: { ...EVERYTHING, room: 'team-*' } });
    const ben = await cast.join('Ben', 'team-red', {}, { grants: { ...EVERYTHING, room: 'team-red' } });
    await ben.expectMore(ada, 'video');
  });

  it('for the microphone alone is heard, and refused a camera later', async () => {
    const cast = await Cast.open(scene());
    const ada = await cast.join(
      'Ada',
      'voice',
      { media: ['audio'] },
      { grants: { ...EVERYTHING, publish: ['microphone'] } },
    );
    const ben = await cast.join('Ben', 'voice');
    await ben.expectMore(ada, 'audio');
    expect(await ada.publish(['audio', 'video'])).toMatchObject({ code: 'forbidden' });
    expect(await ada.publish(['video'], 'screen')).toMatchObject({ code: 'forbidden' });
    await ben.expectMore(ada, 'audio');
  });

  it('without subscribe is seen and sees nothing', async () => {
    const cast = await Cast.open(scene());
    const ada = await cast.join('Ada', 'source', {}, { grants: { ...EVERYTHING, subscribe: false } });
    const ben = await cast.join('Ben', 'source');
    await ben.expectMore(ada, 'video');
    expect(await ada.received(ben, 'video')).toMatchObject({ packets: 0 });
    expect(await ada.sees(ben)).toMatchObject({ publications: ['main'], shown: [] });
  });

  it('without data sends none, and gets what others send', async () => {
    const cast = await Cast.open(scene());
    const ada = await cast.join('Ada', 'mute', {}, { grants: { ...EVERYTHING, data: false } });
    const ben = await cast.join('Ben', 'mute');
    expect(await ada.call('sendChat', 'hello')).toMatchObject({ code: 'forbidden' });
    await ben.do('sendChat', 'hello');
    await vi.waitFor(async () => expect(await ada.events('chatMessage')).toEqual([['Ben', 'hello', 'all']]), SOON);
  });

  it('makes a moderator of its bearer, whoever created the room', async () => {
    const cast = await Cast.open(scene());
    const ada = await cast.join('Ada', 'chaired');
    const chair = await cast.join('Chair', 'chaired', {}, { grants: { ...EVERYTHING, moderate: true } });
    expect(await chair.state()).toMatchObject({ role: 'moderator' });
    expect(await chair.sees(ada)).toMatchObject({ role: 'moderator' });
  });
});

describe('the same user twice', () => {
  it('replaces the first, who is told', async () => {
    const cast = await Cast.open(scene());
    const user = { sub: 'user://localhost/ada', grants: EVERYTHING };
    const first = await cast.join('Ada', 'two-places', {}, user);
    const ben = await cast.join('Ben', 'two-places');
    await ben.expectMore(first, 'video');
    const second = await cast.join('Ada again', 'two-places', {}, user);
    await vi.waitFor(async () => expect(await first.events('closed')).toEqual([['replaced', undefined]]), SOON);
    await ben.expectMore(second, 'video');
    expect(Object.keys((await ben.state()).participants)).toEqual(['Ada again']);
  });

  it('is refused where the room says so', async () => {
    const cast = await Cast.open(scene());
    const user = { sub: 'user://localhost/ada', grants: EVERYTHING };
    const first = await cast.join('Ada', 'once', { create: { identities: 'reject' } }, user);
    const second = await cast.arrive('Ada again', user);
    expect(await second.join('once')).toMatchObject({ code: 'conflict' });
    expect(await first.state()).toMatchObject({ state: 'connected' });
  });
});
