import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { openPage } from '../call/participant.ts';
import { launchChromium } from '../chromium/launch.ts';
import { JOIN, useScene } from './scene.ts';

const scene = useScene();

afterEach(() => scene().closePages());

const PHONE = { width: 360, height: 740 };

async function visit(url: string): Promise<Page> {
  const page = await openPage(scene().browser);
  await page.goto(url);
  return page;
}

const inCall = (page: Page) => page.getByTestId('call').waitFor(JOIN);
const tileOf = (page: Page, name: string) => page.locator(`[data-testid=tile][data-participant="${name}"]`);
const isTooWide = (page: Page) =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');

it('is joined by keyboard, invites by its link, and is left for the page after the call', async () => {
  const ada = await visit(scene().stack.demo);
  await ada.getByTestId('name').waitFor();
  await ada.keyboard.type('Ada');
  await ada.keyboard.press('Enter');
  await inCall(ada);
  await ada.getByTestId('alone').waitFor();

  const link = ada.url();
  expect(new URL(link).searchParams.get('room')).toMatch(/^[\w.~-]+$/);
  const ben = await visit(link);
  await ben.getByTestId('name').waitFor();
  expect(await ben.getByTestId('room').count()).toBe(0);
  await ben.keyboard.type('Ben');
  await ben.keyboard.press('Enter');
  await inCall(ben);
  await tileOf(ada, 'Ben').waitFor(JOIN);
  await tileOf(ben, 'Ada').waitFor(JOIN);
  expect(await ada.getByTestId('count').textContent()).toBe('2');

  await ben.getByTestId('leave').focus();
  await ben.keyboard.press('Enter');
  await ben.getByTestId('after-call').waitFor();
  await tileOf(ada, 'Ben').waitFor({ state: 'detached' });
  await ben.keyboard.press('Enter');
  await inCall(ben);
  await tileOf(ada, 'Ben').waitFor(JOIN);

  for (const page of [ada, ben]) await page.getByTestId('leave').click();
  for (const page of [ada, ben]) await page.getByTestId('after-call').waitFor();
});

it('mutes microphone and camera, and says so', async () => {
  const page = await visit(new URL('?room=mute&name=Ada&auto=1', scene().stack.demo).href);
  await inCall(page);
  const tile = tileOf(page, 'Ada');
  const microphone = page.getByTestId('microphone');
  const camera = page.getByTestId('camera');
  const enabled = () => page.evaluate('document.querySelector("video").srcObject.getTracks().map((t) => t.enabled)');

  expect(await microphone.getAttribute('aria-label')).toBe('Turn microphone off');
  await microphone.click();
  expect(await microphone.getAttribute('aria-pressed')).toBe('true');
  expect(await tile.getByLabel('microphone off').isVisible()).toBe(true);
  await camera.click();
  expect(await camera.getAttribute('aria-label')).toBe('Turn camera on');
  expect(await tile.locator('video').isVisible()).toBe(false);
  expect(await enabled()).toEqual([false, false]);

  await microphone.click();
  await camera.click();
  expect(await tile.getByLabel('microphone off').isVisible()).toBe(false);
  expect(await tile.locator('video').isVisible()).toBe(true);
  expect(await enabled()).toEqual([true, true]);
  await page.getByTestId('leave').click();
  await page.getByTestId('after-call').waitFor();
});

it('says what to do when camera and microphone are blocked, and still lets one watch', async () => {
  const browser = await launchChromium({ mediaAllowed: false });
  try {
    const page = await openPage(browser);
    await page.goto(new URL('?room=watching', scene().stack.demo).href);
    await expect.poll(() => page.getByTestId('notice').textContent()).toMatch(/blocked/);
    await page.getByTestId('name').fill('Ada');
    await page.getByTestId('join').click();
    await inCall(page);
    expect(await page.getByTestId('camera').isDisabled()).toBe(true);
    await page.getByTestId('leave').click();
    await page.getByTestId('after-call').waitFor();
  } finally {
    await browser.close();
  }
});

describe('at the width of a phone', () => {
  it('never scrolls sideways', async () => {
    const page = await visit(scene().stack.demo);
    await page.setViewportSize(PHONE);
    await page.getByTestId('name').fill('Somebody with quite a long name');
    expect(await isTooWide(page)).toBe(false);
    await page.getByTestId('join').click();
    await inCall(page);
    expect(await isTooWide(page)).toBe(false);
    await page.getByTestId('leave').click();
    await page.getByTestId('after-call').waitFor();
    expect(await isTooWide(page)).toBe(false);
  });
});
