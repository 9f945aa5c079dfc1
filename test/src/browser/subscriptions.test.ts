import { afterEach, describe, expect, it, vi } from 'vitest';
import { Cast, SOON } from './member.ts';
import { useScene } from './scene.ts';

const scene = useScene();

afterEach(() => scene().closePages());

describe('subscriptions', () => {
  it('are chosen by participant and publication', async () => {
    const cast = await Cast.open(scene());
    const ada = await cast.join('Ada', 'choosy');
    await ada.publish(['video'], 'screen');
    const ben = await cast.join('Ben', 'choosy');
    const cleo = await cast.join('Cleo', 'choosy', { subscribe: 'chosen', media: [] });
    await ben.expectMore(ada, 'video', 'screen');
    expect(await cleo.sees(ada)).toMatchObject({ publications: ['main', 'screen'], shown: [] });

    await cleo.do('participants.@Ada.publications.screen.subscribe');
    await cleo.expectMore(ada, 'video', 'screen');
    expect(await cleo.sees(ada)).toMatchObject({ shown: ['screen'] });
    await cleo.do('participants.@Ben.publications.main.subscribe');
    await cleo.expectMore(ben, 'video');
    expect(await cleo.received(ada, 'video', 'main')).toMatchObject({ packets: 0 });

    await cleo.do('participants.@Ada.publications.screen.unsubscribe');
    await vi.waitFor(async () => expect(await cleo.sees(ada)).toMatchObject({ shown: [] }), SOON);
    await cleo.expectMore(ben, 'video');
    await ben.expectMore(ada, 'video', 'screen');
  });

  it('pause and resume without negotiating', async () => {
    const cast = await Cast.open(scene());
    const ada = await cast.join('Ada', 'pausing');
    const ben = await cast.join('Ben', 'pausing');
    await ben.expectMore(ada, 'video');
    const { endpoints } = await scene().inventory();
    const before = await ben.state();
    await ben.do('participants.@Ada.publications.main.pause', 'video');
    await ben.expectNothing(ada, 'video');
    await ben.expectMore(ada, 'audio');
    await ben.do('participants.@Ada.publications.main.resume', 'video');
    await ben.expectMore(ada, 'video');
    const { messagesUp, messagesDown } = await ben.state();
    // One message to pause, one to resume, each with its response.
    expect({ up: messagesUp - before.messagesUp, down: messagesDown - before.messagesDown }).toEqual({
      up: 2,
      down: 2,
    });
    expect([...(await scene().inventory()).endpoints].filter((id) => !endpoints.has(id))).toEqual([]);
  });

  it('pause by themselves while nobody can see the tile', async () => {
    const cast = await Cast.open(scene());
    const ada = await cast.join('Ada', 'scrolled');
    const ben = await cast.join('Ben', 'scrolled');
    await ben.expectMore(ada, 'video');
    await ben.show(ada);
    await ben.place(ada, 'in sight');
    await ben.expectMore(ada, 'video');
    await ben.place(ada, 'out of sight');
    await ben.expectNothing(ada, 'video');
    await ben.expectMore(ada, 'audio');
    await ben.place(ada, 'in sight');
    await ben.expectMore(ada, 'video');
  });
});

describe('in a room that shows the last speakers', () => {
  it('whoever speaks takes the place of who does not, over the same connection', async () => {
    const cast = await Cast.open(scene());
    const create = { lastN: 1 };
    const ada = await cast.join('Ada', 'speakers', { create });
    const ben = await cast.join('Ben', 'speakers');
    const cleo = await cast.join('Cleo', 'speakers', { media: [] });
    await cleo.expectMore(ada, 'video');
    expect(await cleo.sees(ben)).toMatchObject({ publications: ['main'], shown: [] });
    const { endpoints } = await scene().inventory();

    await ben.speak(true);
    await cleo.expectMore(ben, 'video');
    await cleo.expectMore(ben, 'audio');
    await vi.waitFor(async () => expect(await cleo.sees(ada)).toMatchObject({ shown: [] }), SOON);
    expect([...(await scene().inventory()).endpoints].filter((id) => !endpoints.has(id))).toEqual([]);
    await ben.speak(false);
    await ada.speak(true);
    await cleo.expectMore(ada, 'video');
    await vi.waitFor(async () => expect(await cleo.sees(ben)).toMatchObject({ shown: [] }), SOON);
  });
});

it('who speaks is known by what is received, and how well', async () => {
  const cast = await Cast.open(scene());
  const ada = await cast.join('Ada', 'levels');
  const ben = await cast.join('Ben', 'levels');
  await ben.expectMore(ada, 'video');
  await ada.speak(true);
  await vi.waitFor(async () => expect(await ben.sees(ada)).toMatchObject({ isSpeaking: true }), SOON);
  await vi.waitFor(async () => expect((await ben.events('activeSpeakersChanged')).at(-1)).toEqual([['Ada']]), SOON);
  await ada.speak(false);
  await vi.waitFor(async () => expect(await ben.sees(ada)).toMatchObject({ isSpeaking: false }), SOON);
  await vi.waitFor(async () => expect((await ben.sees(ada)).quality).toMatch(/^(excellent|good)$/), SOON);
  const { messagesUp } = await ben.state();
  expect(messagesUp).toBe(1);
});
