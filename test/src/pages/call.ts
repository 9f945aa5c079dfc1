import type { Page } from 'playwright-core';
import type { Extra } from './pose.ts';
import { byTestId, type Story, tile, untilQuiet, untilSeen, untilTrue } from './sight.ts';

const PEOPLE: readonly Omit<Extra, 'room'>[] = [
  { name: 'Ben', isSpeaking: true },
  { name: 'Cleo', hasRaisedHand: true },
  { name: 'Dan', muted: ['microphone'] },
  { name: 'Eva' },
  { name: 'Finn', muted: ['microphone', 'camera'] },
  { name: 'Gil' },
  { name: 'Hana' },
  { name: 'Ivo', muted: ['microphone'] },
];

const MANY = `Jana Kofi Lena Mio Nora Omar Pia Quinn Rosa Sami Tara Uma Viktor Wen Xenia Yara Zoe Alba Bruno Chidi Dora`
  .split(' ')
  .map((name) => ({ name, isWatching: true }));

/** Waits until as many are in the room. */
async function untilThere(page: Page, people: number): Promise<void> {
  await page.click(byTestId('panel-people'));
  await untilTrue(page, `document.querySelectorAll('${byTestId('person')}').length === ${people}`);
  await page.click(byTestId('panel-people'));
  await untilQuiet(page);
}

/** What somebody sees in a call. */
export const call: Story = {
  name: 'call',
  sights: [
    'alone',
    'two',
    'three',
    'chat-unread',
    'chat',
    'people',
    'person-options',
    'settings',
    'stats',
    'help',
    'reactions',
    'speaker-view',
    'five',
    'screen-share',
    'nine',
    'sixteen',
    'thirty',
  ],
  async *play(theatre) {
    const room = theatre.newRoom('design-review');
    const page = await theatre.call(room, { options: { lastN: 9, metadata: { title: 'Design review' } } });
    const bring = (from: number, to: number, people: readonly Omit<Extra, 'room'>[] = PEOPLE) =>
      theatre.bring(...people.slice(from, to).map((extra) => ({ ...extra, room })));
    await page.waitForSelector(byTestId('alone'));
    yield { name: 'alone', page };
    await bring(0, 1);
    await untilSeen(page, 2);
    await page.waitForSelector(`${tile('Ben')} [data-speaking], ${tile('Ben')}[data-speaking]`);
    yield { name: 'two', page };
    await bring(1, 2);
    await untilSeen(page, 3);
    await untilQuiet(page);
    yield { name: 'three', page };

    await theatre.tell('say', 'Ben', 'Here is the draft: https://example.org/draft');
    await page.waitForSelector('[aria-label="Chat (1 new)"]');
    yield { name: 'chat-unread', page };
    await page.click(byTestId('panel-chat'));
    await theatre.tell('say', 'Cleo', 'I like the second one. It is calmer, and one sees at once who speaks.');
    await page.fill(byTestId('chat-text'), 'So do I');
    await page.keyboard.press('Enter');
    await page.getByText('So do I').waitFor();
    yield { name: 'chat', page };
    for (const panel of ['people', 'settings', 'stats']) {
      await page.click(byTestId(`panel-${panel}`));
      await page.waitForSelector(byTestId('panel'));
      if (panel === 'stats') await page.getByTestId('stats').getByText('Received').waitFor();
      yield { name: panel, page };
      if (panel !== 'people') continue;
      await page.getByLabel('Options for Ben').click();
      yield { name: 'person-options', page };
    }
    await page.click(byTestId('panel-stats'));
    await page.click(byTestId('help'));
    await page.waitForSelector(byTestId('help-dialog'));
    yield { name: 'help', page };
    await page.keyboard.press('Escape');
    await page.click(byTestId('reactions'));
    yield { name: 'reactions', page };
    await page.keyboard.press('Escape');
    await page.click(byTestId('view'));
    yield { name: 'speaker-view', page };
    await page.click(byTestId('view'));

    await bring(2, 4);
    await untilSeen(page, 5);
    await untilQuiet(page);
    yield { name: 'five', page };
    await theatre.tell('share', 'Cleo');
    await page.waitForSelector(byTestId('screen'));
    await untilTrue(page, 'document.querySelector("[data-testid=screen] video")?.videoWidth > 0');
    yield { name: 'screen-share', page };
    await theatre.tell('unshare', 'Cleo');
    await bring(4, 8);
    await untilSeen(page, 8);
    yield { name: 'nine', page };
    await bring(0, 7, MANY);
    await untilThere(page, 16);
    yield { name: 'sixteen', page };
    await bring(7, 21, MANY);
    await untilThere(page, 30);
    yield { name: 'thirty', page };
  },
};
