import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { dropSocket } from '../bench/gap-faults.ts';
import { openPage } from '../call/participant.ts';
import { JOIN, useScene } from './scene.ts';
import { addressOf, enter, gather, inCall, isTooWide, tileOf, visit } from './visit.ts';

const scene = useScene();

afterEach(() => scene().closePages());

const PHONE = { width: 390, height: 844 };

const message = (page: Page, text: string) => page.getByTestId('message').filter({ hasText: text });
const banner = (page: Page, kind: string) => page.locator(`[data-testid=banner][data-kind="${kind}"]`);
const widthOf = async (page: Page, name: string) => (await tileOf(page, name).boundingBox())?.width ?? 0;
const idOf = (page: Page) => page.locator('[data-testid=tile][data-local]').getAttribute('data-seat');
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

describe('a whole call by keyboard', () => {
  it('is joined, spoken and written in, looked after, and left', async () => {
    const [ben] = await gather(scene(), 'keyboard', ['Ben']);
    const ada = await visit(scene(), { room: 'keyboard' });
    await ada.getByTestId('preview').waitFor();
    await ada.keyboard.type('Ada');
    await ada.keyboard.press('Enter');
    await inCall(ada);
    await tileOf(ada, 'Ben').waitFor(JOIN);

    await ada.keyboard.press('m');
    await tileOf(ben, 'Ada').getByLabel('microphone off').waitFor();
    await ada.keyboard.down(' ');
    await tileOf(ben, 'Ada').getByLabel('microphone off').waitFor({ state: 'detached' });
    await ada.keyboard.up(' ');
    await tileOf(ben, 'Ada').getByLabel('microphone off').waitFor();
    await tabTo(ada, 'camera');
    await ada.keyboard.press('Enter');
    await ada.getByLabel('Turn camera on').waitFor();

    await ada.keyboard.press('c');
    await expect.poll(() => focused(ada)).toBe('chat-text');
    await ada.keyboard.type('mvshcpg? are letters here');
    await ada.keyboard.press('Enter');
    await message(ada, 'are letters here').waitFor();
    await ada.keyboard.press('Escape');
    await expect.poll(() => focused(ada)).toBe('panel-chat');
    expect(await ada.getByLabel('Turn microphone on').count()).toBe(1);

    await ada.keyboard.press('p');
    await expect.poll(() => focused(ada)).toBe('panel');
    await ada.getByLabel('Options for Ben').focus();
    await ada.keyboard.press('Enter');
    await ada.getByTestId('write').focus();
    await ada.keyboard.press('Enter');
    await expect.poll(() => focused(ada)).toBe('chat-text');
    expect(await ada.getByTestId('chat-to').locator('option:checked').textContent()).toBe('Ben only');
    await ada.keyboard.press('Escape');

    await ada.keyboard.press('?');
    await ada.getByTestId('help-dialog').waitFor();
    await ada.keyboard.press('m');
    expect(await ada.getByLabel('Turn microphone on').count()).toBe(1);
    await ada.keyboard.press('Escape');
    await ada.getByTestId('help-dialog').waitFor({ state: 'detached' });

    await ada.keyboard.press('h');
    await tileOf(ben, 'Ada').getByLabel('hand raised').waitFor();
    await ada.keyboard.press('r');
    await ada.keyboard.press('ArrowRight');
    await ada.keyboard.press('Enter');
    await tileOf(ben, 'Ada').getByTestId('reaction').waitFor();
    await ada.keyboard.press('Escape');
    await expect.poll(() => focused(ada)).toBe('reactions');

    await tileOf(ada, 'Ada').focus();
    await ada.keyboard.press('ArrowRight');
    expect(await focused(ada)).toBe('Ben');
    await ada.keyboard.press('Enter');
    await expect.poll(async () => (await widthOf(ada, 'Ben')) > 2 * (await widthOf(ada, 'Ada'))).toBe(true);
    await ada.keyboard.press('g');

    await tabTo(ada, 'leave');
    await ada.keyboard.press('Enter');
    await ada.getByTestId('after-call').waitFor();
  });

  it('goes without letters for whoever wants none', async () => {
    const [ada] = await gather(scene(), 'letters', ['Ada']);
    await ada.keyboard.press('?');
    await ada.getByTestId('shortcuts-on').uncheck();
    await ada.keyboard.press('Escape');
    await ada.keyboard.press('m');
    await ada.keyboard.press('p');
    expect(await ada.getByTestId('panel').count()).toBe(0);
    expect(await ada.getByLabel('Turn microphone off').count()).toBe(1);
  });
});

it('mutes microphone and camera, and says so', async () => {
  const [page] = await gather(scene(), 'mute', ['Ada']);
  const tile = tileOf(page, 'Ada');
  const enabled = () => page.evaluate('document.querySelector("video").srcObject.getTracks().map((t) => t.enabled)');

  await page.getByLabel('Turn microphone off').click();
  await page.getByLabel('Turn microphone on').waitFor();
  await tile.getByLabel('microphone off').waitFor();
  await page.getByLabel('Turn camera off').click();
  await page.getByLabel('Turn camera on').waitFor();
  expect(await tile.locator('video').isVisible()).toBe(false);
  expect(await enabled()).toEqual([false, false]);

  await page.getByTestId('microphone').click();
  await page.getByTestId('camera').click();
  await page.getByLabel('Turn microphone off').waitFor();
  await page.getByLabel('Turn camera off').waitFor();
  expect(await tile.getByLabel('microphone off').count()).toBe(0);
  expect(await tile.locator('video').isVisible()).toBe(true);
  expect(await enabled()).toEqual([true, true]);
});

it('gives devices back in a call, and takes them again', async () => {
  const [ada, ben] = await gather(scene(), 'devices', ['Ada', 'Ben']);
  const picture = tileOf(ada, 'Ben').locator('video');
  await picture.waitFor(JOIN);
  await ben.getByTestId('panel-settings').click();
  await ben.getByTestId('publish').click();
  await expect.poll(() => picture.isVisible()).toBe(false);
  await ben.getByLabel('Turn camera on').waitFor();
  await ben.getByTestId('camera').click();
  await picture.waitFor(JOIN);
  expect(await ben.getByLabel('Turn microphone on').count()).toBe(1);
});

it('carries chat to everyone and to one, shows what is unread, and what was written before one came', async () => {
  const [ada, ben] = await gather(scene(), 'chat', ['Ada', 'Ben'], { history: 10 });
  await ben.getByTestId('panel-chat').click();
  await ben.getByTestId('chat-text').fill('Good morning: https://example.org/agenda.');
  await ben.keyboard.press('Enter');
  await ada.getByTestId('news').getByText('Ben: Good morning').waitFor();
  await ada.getByLabel('Chat (1 new)').click();
  await message(ada, 'Good morning').waitFor();
  expect(await ada.getByTestId('panel-chat').getAttribute('aria-label')).toBe('Chat');
  const link = message(ada, 'Good morning').getByRole('link');
  expect(await link.getAttribute('href')).toBe('https://example.org/agenda');
  expect(await link.getAttribute('rel')).toContain('noopener');

  await ada.getByTestId('chat-to').selectOption({ label: 'Ben only' });
  await ada.getByTestId('chat-text').fill('Only for you');
  await ada.getByTestId('chat-send').click();
  await message(ben, 'Only for you').waitFor();
  expect(await message(ben, 'Only for you').textContent()).toContain('Ada to you only');

  const cyd = await enter(scene(), 'chat', 'Cyd');
  await inCall(cyd);
  await cyd.getByTestId('panel-chat').click();
  await message(cyd, 'Good morning').waitFor();
  expect(await message(cyd, 'Only for you').count()).toBe(0);
});

it('shows shared screens beside the people until they are stopped', async () => {
  const [ada, ben] = await gather(scene(), 'sharing', ['Ada', 'Ben']);
  await ada.getByTestId('share').click();
  for (const page of [ada, ben]) await page.getByTestId('screen').waitFor(JOIN);
  const width = () => ben.evaluate<number>('document.querySelector("[data-testid=screen] video").videoWidth');
  await expect.poll(width, JOIN).toBeGreaterThan(0);
  expect(await ben.getByTestId('screen').textContent()).toContain('Ada’s screen');
  await tileOf(ben, 'Ada').waitFor();

  await ben.getByTestId('share').click();
  await expect.poll(() => ada.locator('[data-testid=screen][data-large]').count(), JOIN).toBe(2);
  await ada.getByTestId('view').click();
  await expect.poll(() => ada.locator('[data-testid=screen][data-large]').count()).toBe(1);

  for (const page of [ada, ben]) await page.getByLabel('Stop sharing your screen').click(JOIN);
  for (const page of [ada, ben]) await page.getByTestId('screen').first().waitFor({ state: 'detached' });
});

it('shows one large in the speaker view, and whoever is asked for', async () => {
  const [ada] = await gather(scene(), 'views', ['Ada', 'Ben', 'Cyd']);
  await tileOf(ada, 'Cyd').waitFor(JOIN);
  const large = () => ada.locator('[data-large]').getAttribute('data-participant');
  expect(await ada.locator('[data-large]').count()).toBe(0);
  await ada.getByLabel('Speaker view').click();
  await expect.poll(large).toMatch(/Ben|Cyd/);
  await tileOf(ada, 'Ada').dblclick();
  await expect.poll(large).toBe('Ada');
  await ada.getByLabel('Grid view').click();
  await expect.poll(() => ada.locator('[data-large]').count()).toBe(0);
});

it('keeps the order of raised hands', async () => {
  const [ada, ben] = await gather(scene(), 'hands', ['Ada', 'Ben']);
  await ben.getByTestId('hand').click();
  await tileOf(ada, 'Ben').getByLabel('hand raised').waitFor();
  await ada.getByTestId('hand').click();
  for (const page of [ada, ben]) {
    await tileOf(page, 'Ben').getByLabel('hand raised, number 1').waitFor();
    await tileOf(page, 'Ada').getByLabel('hand raised, number 2').waitFor();
  }
  await ada.getByTestId('panel-people').click();
  expect(await ada.getByTestId('hand-list').locator('li').allTextContents()).toEqual(['Ben', 'Ada']);
  await ben.getByTestId('hand').click();
  await tileOf(ada, 'Ben').getByLabel('hand raised').waitFor({ state: 'detached' });
});

it('says while the connection is lost, and no longer', async () => {
  const [ada, ben] = await gather(scene(), 'lost', ['Ada', 'Ben']);
  const recovery = dropSocket(scene().stack, 'lost', (await idOf(ben)) ?? '', false);
  await banner(ben, 'reconnecting').waitFor(JOIN);
  await recovery;
  await banner(ben, 'reconnecting').waitFor({ state: 'detached', ...JOIN });
  await tileOf(ada, 'Ben').waitFor();
});

it('asks for the click without which a browser plays nothing', async () => {
  await gather(scene(), 'silent', ['Ada']);
  const ben = await openPage(scene().browser);
  // As browsers do for whoever has not touched the page; the flag that lifts it is the whole browser's.
  await ben.context().addInitScript(`{
    const { play } = HTMLMediaElement.prototype;
    let isTouched = false;
    addEventListener('pointerdown', () => { isTouched = true; }, true);
    HTMLMediaElement.prototype.play = function () {
      return this.muted || isTouched ? play.call(this) : Promise.reject(new DOMException('no gesture', 'NotAllowedError'));
    };
    Object.defineProperty(HTMLMediaElement.prototype, 'autoplay', { set() {} });
  }`);
  await ben.goto(addressOf(scene(), { room: 'silent', name: 'Ben', auto: '1' }));
  await inCall(ben);
  await banner(ben, 'playback').waitFor(JOIN);
  await ben.getByTestId('start-playback').click();
  await banner(ben, 'playback').waitFor({ state: 'detached' });
});

it('copies the link that invites', async () => {
  const [ada] = await gather(scene(), 'inviting', ['Ada']);
  await ada.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await ada.getByTestId('alone').getByTestId('copy-link').click();
  await ada.getByTestId('alone').getByText('Copied').waitFor();
  const link = await ada.evaluate<string>('navigator.clipboard.readText()');
  expect(new URL(link).searchParams.get('room')).toBe('inviting');
});

it('shows what is sent and received', async () => {
  const [ada] = await gather(scene(), 'figures', ['Ada', 'Ben']);
  await ada.getByTestId('panel-stats').click();
  await ada.getByTestId('stats').getByText('Ben: picture').waitFor(JOIN);
  await expect.poll(() => ada.getByTestId('stats').textContent()).toMatch(/Received[1-9]\d* kbit\/s/);
});

it('shifts nothing when people come and go', async () => {
  const [ada] = await gather(scene(), 'steady', ['Ada']);
  await ada.evaluate(`{
    globalThis.shift = 0;
    const add = (list) => list.getEntries().forEach(({ value }) => { globalThis.shift += value; });
    new PerformanceObserver(add).observe({ type: 'layout-shift' });
  }`);
  const [ben] = await gather(scene(), 'steady', ['Ben', 'Cyd']);
  await tileOf(ada, 'Cyd').locator('video').waitFor(JOIN);
  await ben.getByTestId('leave').click();
  await tileOf(ada, 'Ben').waitFor({ state: 'detached' });
  expect(await ada.evaluate('globalThis.shift')).toBeLessThan(0.01);
});

describe('at the width of a phone', () => {
  it('never scrolls sideways, and keeps every control within reach', async () => {
    const [page] = await gather(scene(), 'phone', ['Somebody with quite a long name']);
    for (const size of [PHONE, { width: PHONE.height, height: PHONE.width }]) {
      await page.setViewportSize(size);
      for (const panel of ['chat', 'people', 'settings', 'stats']) {
        await page.getByTestId(`panel-${panel}`).click();
        await page.getByTestId('panel').waitFor();
        expect([panel, await isTooWide(page)]).toEqual([panel, false]);
      }
      await page.getByTestId('close-panel').click();
      const buttons = await page.locator('.controls button').all();
      for (const button of buttons) {
        const box = await button.boundingBox();
        const isInside =
          box && box.x >= 0 && box.y >= 0 && box.x + box.width <= size.width && box.y + box.height <= size.height;
        expect([await button.getAttribute('aria-label'), isInside]).toEqual([expect.anything(), true]);
      }
    }
  });
});
