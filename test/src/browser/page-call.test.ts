import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { stayOf } from '../bench/gap-faults.ts';
import { deleteConnection } from '../call/running-stack.ts';
import { JOIN, useScene } from './scene.ts';
import { enter, gather, inCall, isTooWide, openPanel, tileOf, visit } from './visit.ts';

/*
 * One call, in which people try one thing after another: each test leaves it as it has found it, unless it is about coming and
 * going.
 */

const scene = useScene();

const ROOM = 'office';
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const CYD = 'Cyd with quite a long name';

let ada: Page;
let ben: Page;
let cyd: Page;

const message = (page: Page, text: string) => page.getByTestId('message').filter({ hasText: text });
const banner = (page: Page, kind: string) => page.locator(`[data-testid=banner][data-kind="${kind}"]`);
const closePanel = (page: Page) => page.getByTestId('close-panel').click();
const widthOf = async (page: Page, name: string) => (await tileOf(page, name).boundingBox())?.width ?? 0;
const largeOf = (page: Page) => page.locator('[data-large]');

/** How much of a page moves without anybody having touched it, as browsers count it. */
async function shiftDuring(page: Page, change: () => Promise<void>): Promise<number> {
  await page.evaluate(`{
    globalThis.shift = 0;
    const add = (list) => list.getEntries().forEach((entry) => { if (!entry.hadRecentInput) shift += entry.value; });
    new PerformanceObserver(add).observe({ type: 'layout-shift' });
  }`);
  await change();
  return page.evaluate<number>('globalThis.shift');
}

beforeAll(async () => {
  [ada] = await gather(scene(), ROOM, ['Ada'], { history: 10 });
  // What comes and goes moves for her, as it does for most.
  await ada.emulateMedia({ reducedMotion: 'no-preference' });
});

it('copies the link that invites, while one is alone', async () => {
  await ada.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await ada.getByTestId('alone').getByTestId('copy-link').click();
  await ada.getByTestId('alone').getByText('Copied').waitFor();
  const link = await ada.evaluate<string>('navigator.clipboard.readText()');
  expect(new URL(link).searchParams.get('room')).toBe(ROOM);
});

describe('with others', () => {
  let shift: number;

  beforeAll(async () => {
    shift = await shiftDuring(ada, async () => {
      [ben, cyd] = await Promise.all([enter(scene(), ROOM, 'Ben'), enter(scene(), ROOM, CYD)]);
      for (const page of [ben, cyd]) await inCall(page);
      for (const name of ['Ben', CYD]) await tileOf(ada, name).locator('video').waitFor(JOIN);
    });
  });

  it('shifts nothing when they come', () => {
    expect(shift).toBeLessThan(0.01);
  });

  it('mutes microphone and camera, and says so', async () => {
    const tile = tileOf(ada, 'Ada');
    const enabled = () =>
      ada.evaluate('document.querySelector("[data-local] video").srcObject.getTracks().map((track) => track.enabled)');

    await ada.getByLabel('Turn microphone off').click();
    await ada.getByLabel('Turn microphone on').waitFor();
    await tile.getByLabel('microphone off').waitFor();
    await ada.getByLabel('Turn camera off').click();
    await ada.getByLabel('Turn camera on').waitFor();
    await tileOf(ben, 'Ada').getByLabel('microphone off').waitFor();
    for (const page of [ada, ben]) {
      await expect.poll(() => tileOf(page, 'Ada').locator('video').isVisible()).toBe(false);
    }
    await expect.poll(enabled).toEqual([false, false]);

    await ada.getByTestId('microphone').click();
    await ada.getByTestId('camera').click();
    await ada.getByLabel('Turn microphone off').waitFor();
    await ada.getByLabel('Turn camera off').waitFor();
    await expect.poll(() => tile.getByLabel('microphone off').count()).toBe(0);
    await expect.poll(() => tile.locator('video').isVisible()).toBe(true);
    await expect.poll(enabled).toEqual([true, true]);
  });

  it('gives devices back in a call, and takes them again', async () => {
    const picture = tileOf(ada, 'Ben').locator('video');
    await picture.waitFor(JOIN);
    await openPanel(ben, 'settings');
    await ben.getByTestId('publish').click();
    await expect.poll(() => picture.isVisible()).toBe(false);
    await ben.getByLabel('Turn camera on').waitFor();
    await ben.getByTestId('camera').click();
    await picture.waitFor(JOIN);
    await ben.getByLabel('Turn microphone on').click();
    await ben.getByLabel('Turn microphone off').waitFor();
    await closePanel(ben);
  });

  it('carries chat to everyone and to one, and shows what is unread', async () => {
    await openPanel(ben, 'chat');
    await ben.getByTestId('chat-text').fill('Good morning: https://example.org/agenda.');
    await ben.keyboard.press('Enter');
    await ada.getByTestId('news').getByText('Ben: Good morning').waitFor();
    await ada.getByLabel('Chat (1 new)').click();
    await message(ada, 'Good morning').waitFor();
    await expect.poll(() => ada.getByTestId('panel-chat').getAttribute('aria-label')).toBe('Chat');
    const link = message(ada, 'Good morning').getByRole('link');
    expect(await link.getAttribute('href')).toBe('https://example.org/agenda');
    expect(await link.getAttribute('rel')).toContain('noopener');

    await ada.getByTestId('chat-to').selectOption({ label: 'Ben only' });
    await ada.getByTestId('chat-text').fill('Only for you');
    await ada.getByTestId('chat-send').click();
    await message(ben, 'Only for you').waitFor();
    expect(await message(ben, 'Only for you').textContent()).toContain('Ada to you only');
    await ada.getByTestId('chat-to').selectOption({ label: 'Everyone' });
    for (const page of [ada, ben]) await closePanel(page);
  });

  it('shows one large in the speaker view, and whoever is asked for', async () => {
    const name = () => largeOf(ada).getAttribute('data-participant');
    await expect.poll(() => largeOf(ada).count()).toBe(0);
    await ada.getByLabel('Speaker view').click();
    await expect.poll(name).toMatch(/Ben|Cyd/);
    await tileOf(ada, 'Ada').dblclick();
    await expect.poll(name).toBe('Ada');
    await ada.getByLabel('Grid view').click();
    await expect.poll(() => largeOf(ada).count()).toBe(0);
    await tileOf(ada, 'Ben').hover();
    await tileOf(ada, 'Ben').getByTestId('pin').click();
    await expect.poll(name).toBe('Ben');
    await tileOf(ada, 'Ben').getByLabel('Show in its place').click();
    await expect.poll(() => largeOf(ada).count()).toBe(0);
  });

  it('keeps the order of raised hands', async () => {
    await ben.getByTestId('hand').click();
    await tileOf(ada, 'Ben').getByLabel('hand raised').waitFor();
    await ada.getByTestId('hand').click();
    for (const page of [ada, ben]) {
      await tileOf(page, 'Ben').getByLabel('hand raised, number 1').waitFor();
      await tileOf(page, 'Ada').getByLabel('hand raised, number 2').waitFor();
    }
    await openPanel(ada, 'people');
    await expect.poll(() => ada.getByTestId('hand-list').locator('li').allTextContents()).toEqual(['Ben', 'Ada']);
    for (const page of [ada, ben]) await page.getByTestId('hand').click();
    await tileOf(ada, 'Ben').getByLabel('hand raised').waitFor({ state: 'detached' });
    await closePanel(ada);
  });

  it('shows what is sent and received', async () => {
    await openPanel(ada, 'stats');
    await ada.getByTestId('stats').getByText('Ben: picture').waitFor(JOIN);
    await expect.poll(() => ada.getByTestId('stats').textContent(), JOIN).toMatch(/Received[1-9]\d* kbit\/s/);
    await closePanel(ada);
  });

  describe('at the width of a phone', () => {
    it('never scrolls sideways, and keeps every control within reach', async () => {
      for (const size of [PHONE, { width: PHONE.height, height: PHONE.width }]) {
        await cyd.setViewportSize(size);
        for (const panel of ['chat', 'people', 'settings', 'stats']) {
          await openPanel(cyd, panel);
          await cyd.getByTestId('panel').waitFor();
          expect([panel, await isTooWide(cyd)]).toEqual([panel, false]);
        }
        await closePanel(cyd);
        for (const button of await cyd.locator('.controls button').all()) {
          const box = await button.boundingBox();
          const isInside =
            box && box.x >= 0 && box.y >= 0 && box.x + box.width <= size.width && box.y + box.height <= size.height;
          expect([await button.getAttribute('aria-label'), isInside]).toEqual([expect.anything(), true]);
        }
      }
    });

    it('turns pages of those who would be too small beside each other', async () => {
      await cyd.setViewportSize({ width: 320, height: 320 });
      const pages = cyd.getByTestId('pager').getByText('/');
      await expect.poll(() => pages.textContent()).toMatch(/^1 \/ [23]$/);
      await cyd.getByTestId('page-next').click();
      await expect.poll(() => pages.textContent()).toMatch(/^2 /);
      await cyd.getByTestId('page-previous').click();
      await expect.poll(() => pages.textContent()).toMatch(/^1 /);
      await cyd.setViewportSize(DESK);
      await cyd.getByTestId('pager').waitFor({ state: 'detached' });
    });
  });

  it('shifts nothing when somebody goes', async () => {
    const shift = await shiftDuring(ada, async () => {
      await cyd.getByTestId('leave').click();
      await cyd.getByTestId('after-call').waitFor();
      await tileOf(ada, CYD).waitFor({ state: 'detached' });
    });
    expect(shift).toBeLessThan(0.01);
  });

  it('says while one is offline, and no longer', async () => {
    const id = await tileOf(ben, 'Ben').getAttribute('data-seat');
    const { connectionId } = await stayOf(scene().stack, ROOM, id ?? '');
    await ben.context().setOffline(true);
    await deleteConnection(scene().stack, connectionId);
    await banner(ben, 'offline').waitFor(JOIN);
    await tileOf(ada, 'Ben').getByText('Reconnecting…').waitFor();
    await ben.context().setOffline(false);
    await banner(ben, 'offline').waitFor({ state: 'detached', ...JOIN });
    await tileOf(ada, 'Ben').getByText('Reconnecting…').waitFor({ state: 'detached' });
  });
});

/** What has the keyboard: its test id, its seat's name, or its element's. */
const focused = (page: Page) =>
  page.evaluate<string>(
    '(({ dataset, tagName }) => dataset.participant ?? dataset.testid ?? tagName)(document.activeElement)',
  );

/** Everything by the keyboard: the focus goes where a key leads it. */
async function tabTo(page: Page, testid: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if ((await focused(page)) === testid) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not come to ${testid}`);
}

it('is joined, spoken and written in, looked after, and left by keyboard', async () => {
  const kim = await visit(scene(), { room: ROOM });
  await expect.poll(() => focused(kim)).toBe('name');
  await kim.keyboard.type('Kim');
  await kim.keyboard.press('Enter');
  await inCall(kim);
  await tileOf(kim, 'Ben').waitFor(JOIN);

  await kim.keyboard.press('m');
  await tileOf(ben, 'Kim').getByLabel('microphone off').waitFor();
  await kim.keyboard.down(' ');
  await tileOf(ben, 'Kim').getByLabel('microphone off').waitFor({ state: 'detached' });
  await kim.keyboard.up(' ');
  await tileOf(ben, 'Kim').getByLabel('microphone off').waitFor();
  await tabTo(kim, 'camera');
  await kim.keyboard.press('Enter');
  await kim.getByLabel('Turn camera on').waitFor();

  await kim.keyboard.press('c');
  await expect.poll(() => focused(kim)).toBe('chat-text');
  // What was written before, but for what was for somebody else.
  await message(kim, 'Good morning').waitFor();
  expect(await message(kim, 'Only for you').count()).toBe(0);
  await kim.keyboard.type('mvshcpg? are letters here');
  await kim.keyboard.press('Enter');
  await message(kim, 'are letters here').waitFor();
  await kim.keyboard.press('Escape');
  await expect.poll(() => focused(kim)).toBe('panel-chat');
  await expect.poll(() => kim.getByLabel('Turn microphone on').count()).toBe(1);

  await kim.keyboard.press('p');
  await expect.poll(() => focused(kim)).toBe('panel');
  await kim.getByLabel('Options for Ben').focus();
  await kim.keyboard.press('Enter');
  await kim.getByTestId('write').focus();
  await kim.keyboard.press('Enter');
  await expect.poll(() => focused(kim)).toBe('chat-text');
  await expect.poll(() => kim.getByTestId('chat-to').locator('option:checked').textContent()).toBe('Ben only');
  await kim.keyboard.press('Escape');

  await kim.keyboard.press('?');
  await kim.getByTestId('help-dialog').waitFor();
  await kim.keyboard.press('m');
  await expect.poll(() => kim.getByLabel('Turn microphone on').count()).toBe(1);
  await kim.keyboard.press('Escape');
  await kim.getByTestId('help-dialog').waitFor({ state: 'detached' });

  await kim.keyboard.press('h');
  await tileOf(ben, 'Kim').getByLabel('hand raised').waitFor();
  await kim.keyboard.press('r');
  await expect.poll(() => focused(kim)).toBe('react');
  await kim.keyboard.press('ArrowRight');
  await kim.keyboard.press('Enter');
  await tileOf(ben, 'Kim').getByTestId('reaction').waitFor();
  await kim.keyboard.press('Escape');
  await expect.poll(() => focused(kim)).toBe('reactions');

  await tileOf(kim, 'Kim').focus();
  await kim.keyboard.press('ArrowRight');
  const next = await focused(kim);
  expect(['Ada', 'Ben']).toContain(next);
  await kim.keyboard.press('Enter');
  await expect.poll(async () => (await widthOf(kim, next)) > 2 * (await widthOf(kim, 'Kim'))).toBe(true);
  await kim.keyboard.press('g');

  await tabTo(kim, 'leave');
  await kim.keyboard.press('Enter');
  await kim.getByTestId('after-call').waitFor();
});

it('shows shared screens beside the people until they are stopped', async () => {
  await scene().closePages(ada, ben);
  await ada.getByTestId('share').click();
  for (const page of [ada, ben]) await page.getByTestId('screen').waitFor(JOIN);
  const width = () => ben.evaluate<number>('document.querySelector("[data-testid=screen] video").videoWidth');
  await expect.poll(width, JOIN).toBeGreaterThan(0);
  await expect.poll(() => ben.getByTestId('screen').textContent()).toContain('Ada’s screen');
  await tileOf(ben, 'Ada').waitFor();

  await ben.getByTestId('share').click();
  await expect.poll(() => ada.locator('[data-testid=screen][data-large]').count(), JOIN).toBe(2);
  await ada.getByTestId('view').click();
  await expect.poll(() => ada.locator('[data-testid=screen][data-large]').count()).toBe(1);

  for (const page of [ada, ben]) await page.getByLabel('Stop sharing your screen').click(JOIN);
  for (const page of [ada, ben]) await page.getByTestId('screen').first().waitFor({ state: 'detached' });
});
