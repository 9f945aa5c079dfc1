import { type Chromium, findChromium } from './find.ts';
import { installChromium, type Progress } from './install.ts';

/** Finds a Chromium or installs one, and says which it is. */
export async function provideChromium(onProgress: Progress): Promise<Chromium> {
  const chromium = (await findChromium()) ?? (await installChromium(findChromium, onProgress));
  if (!chromium) {
    throw new Error(
      'no Chromium found, and none could be installed. Install one (on Debian and Ubuntu: sudo apt-get install ' +
        'chromium) or name one in CHROMIUM_PATH, then try again.',
    );
  }
  onProgress(`browser: ${chromium.version} (${chromium.path}, from ${chromium.foundIn})`);
  return chromium;
}
