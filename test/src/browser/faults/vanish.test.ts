import { afterEach, it } from 'vitest';
import type { Participant } from '../../call/participant.ts';
import { launchChromium } from '../../chromium/launch.ts';
import { expectAllFlowing, expectMoreOfEach, expectRosters, useOwnScene } from '../scene.ts';

const scene = useOwnScene();
/** From the end of the socket, says the design. */
const NOTICED_WITHIN = 10_000;

afterEach(() => scene().closePages());

/** By the name of the room that it happens in. */
const killings: Record<string, (victim: Participant) => Promise<void>> = {
  'crashed-tab': async ({ page }) => {
    const session = await page.context().newCDPSession(page);
    const crashed = page.waitForEvent('crash');
    // Never answered: there is nobody left to.
    session.send('Page.crash').catch(() => {});
    await crashed;
  },
  'killed-browser': async ({ page }) => {
    const browser = page.context().browser();
    const session = await browser?.newBrowserCDPSession();
    const gone = new Promise((resolve) => browser?.on('disconnected', resolve));
    session?.send('Browser.crash').catch(() => {});
    await gone;
  },
};

it.for(Object.entries(killings))(
  'removes the participant of a %s, and its endpoints',
  async ([room, kill], { expect }) => {
    const { stack } = scene();
    const nothing = await scene().inventory();
    const browser = await launchChromium({ frameRate: 15 });
    try {
      const ada = await scene().join(room, 'Ada');
      const ben = await scene().join(room, 'Ben');
      await expectAllFlowing([ada, ben]);
      const ofTwo = (await scene().inventory()).endpoints.size;
      const { openConnections } = await stack.emulator.metrics();
      const victim = await scene().join(room, 'Cleo', browser);
      await expectAllFlowing([ada, ben, victim]);

      await kill(victim);
      await expect
        .poll(async () => (await stack.emulator.metrics()).openConnections.length)
        .toBe(openConnections.length);
      const ended = performance.now();
      await expectRosters([ada, ben]);
      await expect.poll(async () => (await scene().inventory()).endpoints.size).toBe(ofTwo);
      expect(performance.now() - ended).toBeLessThan(NOTICED_WITHIN);

      await expectMoreOfEach([ada, ben]);
      await ada.leave();
      await ben.leave();
      await scene().expectNothingSince(nothing);
    } finally {
      await browser.close();
    }
  },
);
