import { afterEach, describe, expect, it, vi } from 'vitest';
import { Cast, SOON } from './member.ts';
import { useScene } from './scene.ts';

const scene = useScene();

afterEach(() => scene().closePages());

describe('publications', () => {
  it('begin and end at will, camera and screen side by side', async () => {
    const cast = await Cast.open(scene());
    const before = await scene().inventory();
    const ada = await cast.join('Ada', 'at-will', { media: [] });
    const ben = await cast.join('Ben', 'at-will');
    await ada.expectMore(ben, 'video');
    expect(await ben.sees(ada)).toMatchObject({ publications: [] });

    expect(await ada.publish(['audio', 'video'])).toEqual({ value: null });
    await ben.expectMore(ada, 'video');
    await ben.expectMore(ada, 'audio');
    expect(await ada.publish(['video'], 'screen')).toEqual({ value: null });
    await ben.expectMore(ada, 'video', 'screen');
    await ben.expectMore(ada, 'video', 'main');
    expect(await ben.events('publicationAdded')).toEqual([
      ['Ada', 'main'],
      ['Ada', 'screen'],
    ]);

    await ada.do('localParticipant.unpublish', 'main');
    await vi.waitFor(async () => expect(await ben.events('publicationRemoved')).toEqual([['Ada', 'main']]), SOON);
    await ben.expectMore(ada, 'video', 'screen');
    await ada.do('localParticipant.unpublish', 'screen');
    await vi.waitFor(async () => expect(await ben.sees(ada)).toMatchObject({ publications: [] }), SOON);
    expect(await ada.publish(['video'])).toEqual({ value: null });
    await ben.expectMore(ada, 'video');

    await ada.do('leave');
    await ben.do('leave');
    await scene().expectNothingSince(before);
  });

  it('change their device without anybody negotiating', async () => {
    const cast = await Cast.open(scene());
    const ada = await cast.join('Ada', 'device');
    const ben = await cast.join('Ben', 'device');
    await ben.expectMore(ada, 'video');
    const [before, seen] = [await ada.state(), await ben.state()];
    expect(await ada.replace('camera', 'another camera')).toEqual({ value: null });
    await ben.expectMore(ada, 'video', 'main', 20);
    expect(await ada.state()).toMatchObject({ messagesUp: before.messagesUp });
    expect(await ben.state()).toMatchObject({ messagesUp: seen.messagesUp, messagesDown: seen.messagesDown });
  });
});

describe('muting', () => {
  it('is told to all, from the join on', async () => {
    const cast = await Cast.open(scene());
    const ada = await cast.join('Ada', 'quiet', { muted: ['microphone'] });
    const ben = await cast.join('Ben', 'quiet');
    expect(await ben.sees(ada)).toMatchObject({ muted: ['microphone'], blocked: [] });
    await ada.do('localParticipant.mute', 'camera');
    await vi.waitFor(async () => expect(await ben.events('muted')).toEqual([['Ada', 'camera', 'self']]), SOON);
    await ada.do('localParticipant.unmute', 'microphone', 'camera');
    await vi.waitFor(async () => {
      const unmuted = await ben.events('unmuted');
      expect(unmuted.map(([, source]) => source).sort()).toEqual(['camera', 'microphone']);
    }, SOON);
    expect(await ben.sees(ada)).toMatchObject({ muted: [] });
  });

  it('by a moderator lasts, whatever the muted one does', async () => {
    const cast = await Cast.open(scene());
    const ada = await cast.join('Ada', 'strict');
    const ben = await cast.join('Ben', 'strict');
    await ada.expectMore(ben, 'audio');
    await ada.do('moderation.block', '@Ben', 'microphone');
    await vi.waitFor(
      async () => expect(await ada.sees(ben)).toMatchObject({ muted: ['microphone'], blocked: ['microphone'] }),
      SOON,
    );
    await ada.expectNothing(ben, 'audio');
    await ada.expectMore(ben, 'video');

    expect(await ben.call('localParticipant.unmute', 'microphone')).toMatchObject({ code: 'forbidden' });
    await ben.do('localParticipant.unpublish', 'main');
    expect(await ben.publish(['audio', 'video'])).toEqual({ value: null });
    await ada.expectMore(ben, 'video');
    expect(await ada.received(ben, 'audio')).toMatchObject({ packets: 0 });
    expect(await ben.call('moderation.unblock', '@Ben', 'microphone')).toMatchObject({ code: 'forbidden' });

    const id = (await ben.state()).id;
    await ada.do('moderation.unblock', id, 'microphone');
    await ada.expectMore(ben, 'audio');
    expect(await ada.sees(ben)).toMatchObject({ blocked: [] });
  });
});
