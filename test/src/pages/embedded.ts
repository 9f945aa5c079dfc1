import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pageScript } from '../call/page-script.ts';
import { type Story, untilTrue } from './sight.ts';

const STYLE = createRequire(import.meta.url).resolve('@hyperroom/client/react/style.css');

/** The call that the React entry has to give, in somebody's own page. */
export const embedded: Story = {
  name: 'embedded',
  sights: ['call', 'muted', 'screen'],
  async *play(theatre) {
    const room = theatre.newRoom('embedded');
    await theatre.bring(
      { name: 'Ben', room, isSpeaking: true },
      { name: 'Cleo', room, muted: ['microphone', 'camera'] },
    );
    const page = await theatre.blank();
    await page.addStyleTag({ content: await readFile(STYLE, 'utf8') });
    await page.addScriptTag({ content: await pageScript('embedded.ts') });
    await page.evaluate(`hyperroomEmbedded(${JSON.stringify(theatre.server)}, ${JSON.stringify(room)})`);
    await untilTrue(page, 'document.querySelectorAll("[data-picture]").length >= 2');
    yield { name: 'call', page };
    await page.getByRole('button', { name: /microphone/i }).click();
    await page.getByRole('button', { name: /camera/i }).click();
    await page.locator('button[aria-pressed="true"]').nth(1).waitFor();
    yield { name: 'muted', page };
    await theatre.tell('share', 'Ben');
    await untilTrue(page, 'document.querySelector("[data-publication=screen] video")?.videoWidth > 0');
    yield { name: 'screen', page };
  },
};
