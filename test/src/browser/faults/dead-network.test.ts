import { afterEach, expect, it, vi } from 'vitest';
import { stopPages } from '../../call/dead-network.ts';
import { launchChromium } from '../../chromium/launch.ts';
import { Cast, SOON } from '../member.ts';
import { useOwnScene } from '../scene.ts';
import { expectState, leaveAll } from './watching.ts';

const scene = useOwnScene();

afterEach(() => scene().closePages());

/** Milliseconds: nothing closes, nobody says anything. */
const NOTICED_WITHIN = 30_000;

it('removes whose network has silently died, who comes back by itself with it', async () => {
  const nothing = await scene().inventory();
  const browser = await launchChromium({ frameRate: 15 });
  try {
    const ada = await (await Cast.open(scene())).join('Ada', 'silence');
    const ben = await (await Cast.open(scene(), browser)).join('Ben', 'silence', { metadata: { colour: 'green' } });
    await ada.expectMore(ben, 'video');

    const goOn = await stopPages(browser);
    const stopped = performance.now();
    try {
      const others = async () => Object.keys((await ada.state()).participants);
      await vi.waitFor(async () => expect(await others()).toEqual([]), { timeout: NOTICED_WITHIN, interval: 100 });
      expect(performance.now() - stopped).toBeLessThan(NOTICED_WITHIN);
    } finally {
      goOn();
    }

    await vi.waitFor(async () => expect((await ada.sees(ben)).metadata).toEqual({ colour: 'green' }), SOON);
    await expectState(ben, 'connected');
    await ada.expectMore(ben, 'video');
    await ben.expectMore(ada, 'video');
    await leaveAll([ada, ben]);
    await scene().expectNothingSince(nothing);
  } finally {
    await browser.close();
  }
});
