import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  CAMERA,
  expectAllFlowing,
  expectMoreOfEach,
  expectRosters,
  expectSoundOnly,
  useOwnScene,
} from '../browser/scene.ts';
import type { Attendee } from '../call/participant.ts';
import { launchFirefox } from './launch.ts';
import { expectOwnNetwork } from './own-network.ts';
import { FirefoxParticipant } from './participant.ts';

expectOwnNetwork();
const scene = useOwnScene();
const SOON = { timeout: 15_000, interval: 100 };

let firefox: Browser;
beforeAll(async () => {
  firefox = await launchFirefox();
});
afterAll(() => firefox?.close());

const testId = (id: string) => `[data-testid="${id}"]`;
const tileOf = (name: string) => `[data-testid=tile][data-participant="${name}"]`;

async function press(attendee: Attendee, id: string): Promise<void> {
  await attendee.page.waitForSelector(testId(id));
  await attendee.page.click(testId(id));
}

/** Waits until a page has something, or has it no longer. */
async function expectShown(attendee: Attendee, selector: string, shown = true): Promise<void> {
  const there = () =>
    attendee.page.evaluate(
      `document.querySelector(${JSON.stringify(selector)})?.checkVisibility({ visibilityProperty: true }) ?? false`,
    );
  await vi.waitFor(async () => expect(await there(), `${selector} at ${attendee.name}`).toBe(shown), SOON);
}

async function expectText(attendee: Attendee, text: string): Promise<void> {
  const words = () => attendee.page.evaluate('document.body.innerText');
  await vi.waitFor(async () => expect(await words()).toContain(text), SOON);
}

/** Those whose picture is on its way to a page's screen. */
const pictures = `[...document.querySelectorAll('[data-testid=tile]')]
  .filter((tile) => { const video = tile.querySelector('video'); return video?.videoWidth > 0 && !video.paused; })
  .map((tile) => tile.dataset.participant).sort()`;

async function expectPictures(attendees: readonly Attendee[], names: readonly string[]): Promise<void> {
  for (const { page } of attendees) {
    await vi.waitFor(async () => expect(await page.evaluate(pictures)).toEqual(names), SOON);
  }
}

it('is one call in two Firefox and a Chromium, from the first join to the last leave', async () => {
  const before = await scene().inventory();
  const join = (name: string) =>
    FirefoxParticipant.join(firefox, { demo: scene().stack.demo, room: 'mixed', name, size: CAMERA });
  const ada = await join('Ada');
  const ben = await join('Ben');
  const cleo = await scene().join('mixed', 'Cleo');
  const all: readonly Attendee[] = [ada, ben, cleo];

  await expectAllFlowing(all);
  await expectRosters(all);
  await expectPictures(all, ['Ada', 'Ben', 'Cleo']);
  await expectMoreOfEach(all);
  // The fake microphones give a tone. One's own voice Firefox measures where there is something to play sound by, so not here.
  for (const hearer of all) {
    const heard = all.filter((speaker) => speaker !== hearer || speaker === cleo);
    for (const { name } of heard) await expectShown(hearer, `${tileOf(name)} [data-speaking]`);
  }

  await press(ada, 'microphone');
  await press(ada, 'camera');
  for (const other of [ben, cleo]) await expectShown(other, `${tileOf('Ada')} [aria-label="microphone off"]`);
  for (const other of [ben, cleo]) await expectShown(other, `${tileOf('Ada')} video`, false);
  await press(ada, 'microphone');
  await press(ada, 'camera');
  for (const other of [ben, cleo]) await expectShown(other, `${tileOf('Ada')} [aria-label="microphone off"]`, false);
  await expectMoreOfEach(all);

  for (const [from, text] of [
    [ada, 'From Firefox'],
    [cleo, 'From Chromium'],
  ] as const) {
    await press(from, 'panel-chat');
    await from.page.type(testId('chat-text'), text);
    await press(from, 'chat-send');
  }
  await press(ben, 'panel-chat');
  for (const attendee of all) for (const text of ['From Firefox', 'From Chromium']) await expectText(attendee, text);
  for (const attendee of all) await press(attendee, 'panel-chat');

  // What nobody can see is not sent; the sound goes on.
  const place = (display: string) =>
    ben.page.evaluate(`document.querySelector('${tileOf('Cleo')} video').style.display = '${display}'`);
  await place('none');
  await expectSoundOnly(ben, cleo);
  await place('');
  await expectMoreOfEach(all);

  await press(cleo, 'share');
  for (const attendee of all) await expectShown(attendee, testId('screen'));
  for (const { page } of [ada, ben]) {
    const width = () => page.evaluate('document.querySelector("[data-testid=screen] video").videoWidth');
    await vi.waitFor(async () => expect(await width()).toBeGreaterThan(0), SOON);
  }
  await press(cleo, 'share');
  for (const attendee of all) await expectShown(attendee, testId('screen'), false);

  const present = [...all];
  for (const leaver of all) {
    await leaver.leave();
    present.shift();
    await expectRosters(present);
    if (present.length > 1) await expectMoreOfEach(present);
    expect(leaver.errors).toEqual([]);
  }
  await scene().expectNothingSince(before);
});

it('is told that a room’s codec is none of its own', async () => {
  const before = await scene().inventory();
  const { demo } = scene().stack;
  // The plugin that it has H.264 by is fetched by a Firefox that may call home.
  const joined = FirefoxParticipant.join(firefox, { demo, room: 'h264', name: 'Dan', roomOptions: { codec: 'H264' } });
  await expect(joined).rejects.toThrow('This browser has not got the room’s video codec');
  await scene().expectNothingSince(before);
});
