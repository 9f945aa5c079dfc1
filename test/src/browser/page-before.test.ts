import { DEVELOPMENT_SECRET, signToken } from '@hyperroom/local';
import { TokenClaims } from '@hyperroom/protocol';
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openPage } from '../call/participant.ts';
import { launchChromium } from '../chromium/launch.ts';
import { JOIN, useScene } from './scene.ts';
import { addressOf, enter, inCall, isTooWide, tileOf, visit } from './visit.ts';

/* Ada opens a room, and is in it as long as others come and go. */

const scene = useScene();

const PHONE = { width: 390, height: 844 };

let ada: Page;
let room: string;

const attribute = (page: Page, testid: string, name: string) => page.getByTestId(testid).getAttribute(name);
/** Tracks of one's own picture before the call, once there are any: which are live, and whether they give anything. */
const tracks = (page: Page) => () =>
  page.evaluate<Record<string, boolean>>(
    'Object.fromEntries((document.querySelector("video")?.srcObject?.getTracks() ?? []).map((t) => [t.kind, t.enabled]))',
  );
const box = (page: Page, selector: string) => page.locator(selector).boundingBox();

async function joinByKeyboard(page: Page, name: string): Promise<void> {
  await page.getByTestId('name').waitFor();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await inCall(page);
}

beforeAll(async () => {
  ada = await visit(scene());
  await joinByKeyboard(ada, 'Ada');
  room = new URL(ada.url()).searchParams.get('room') ?? '';
});

afterEach(() => scene().closePages(ada));

it('invites by its link, and is left for the page after the call', async () => {
  expect(room).toMatch(/^[\w.~-]+$/);
  const ben = await openPage(scene().browser);
  await ben.goto(ada.url());
  await ben.getByTestId('name').waitFor();
  await expect.poll(() => ben.getByTestId('room').count()).toBe(0);
  await joinByKeyboard(ben, 'Ben');
  await tileOf(ada, 'Ben').waitFor(JOIN);

  await ben.getByTestId('leave').focus();
  await ben.keyboard.press('Enter');
  await ben.getByTestId('after-call').waitFor();
  expect(await attribute(ben, 'after-call', 'data-reason')).toBe('left');
  expect(await ben.getByTestId('lasted').textContent()).toMatch(/for less than a minute/);
  await tileOf(ada, 'Ben').waitFor({ state: 'detached' });
  // Whoever left by mistake is back with one key.
  await ben.keyboard.press('Enter');
  await inCall(ben);
  await tileOf(ada, 'Ben').waitFor(JOIN);

  await ben.getByTestId('leave').click();
  await ben.setViewportSize(PHONE);
  expect(await isTooWide(ben)).toBe(false);
  await ben.getByTestId('new-room').click();
  await ben.getByTestId('room').waitFor();
  expect(new URL(ben.url()).search).toBe('');
  expect(await ben.getByTestId('name').inputValue()).toBe('Ben');
});

describe('the devices', () => {
  it('are seen and heard in a place that was kept for them, and chosen', async () => {
    const page = await visit(scene());
    const place = await box(page, '.preview-picture');
    await page.getByTestId('preview').waitFor();
    expect(await box(page, '.preview-picture')).toEqual(place);
    // Chromium's fake microphone beeps every second.
    await expect.poll(() => page.evaluate<number>('document.querySelector("meter").value')).toBeGreaterThan(0.2);

    const microphones = await page.getByTestId('device-microphone').locator('option').allTextContents();
    const another = microphones.find((label) => label === 'Fake Audio Input 2') ?? '';
    await page.getByTestId('device-microphone').selectOption({ label: another });
    const inUse = () =>
      page.evaluate<string>('document.querySelector("video").srcObject?.getAudioTracks().map((t) => t.label).join()');
    await expect.poll(inUse).toBe(another);
    await expect.poll(() => page.getByTestId('device-camera').locator('option').count()).toBeGreaterThan(0);
    await expect.poll(() => page.getByTestId('device-speaker').locator('option').count()).toBeGreaterThan(1);
  });

  it('are joined with as they were left, this time and the next', async () => {
    const page = await visit(scene(), { room });
    await page.getByTestId('preview').waitFor();
    await page.getByTestId('microphone').click();
    await expect.poll(tracks(page)).toEqual({ audio: false, video: true });
    await page.getByTestId('camera').click();
    await page.getByText('Your camera is off').waitFor();
    await page.getByTestId('name').fill('Ben');
    await page.getByTestId('join').click();
    await inCall(page);
    await tileOf(page, 'Ben').getByLabel('microphone off').waitFor();
    await expect.poll(() => page.getByLabel('Turn camera on').count()).toBe(1);
    // What was off before the call is had in it.
    await page.getByTestId('camera').click();
    await page.getByLabel('Turn camera off').waitFor(JOIN);
    await tileOf(ada, 'Ben').locator('video').waitFor(JOIN);

    await page.goto(addressOf(scene(), {}));
    await page.getByText('Your camera is off').waitFor();
    expect(await page.getByTestId('name').inputValue()).toBe('Ben');
    await expect.poll(() => attribute(page, 'microphone', 'aria-label')).toBe('Turn microphone on');
    await page.getByTestId('camera').click();
    await page.getByTestId('preview').waitFor();
    await expect.poll(tracks(page)).toEqual({ audio: false, video: true });
  });

  it('are left alone by whoever only watches', async () => {
    const ben = await visit(scene(), { room, name: 'Ben' });
    await ben.getByText('Room options', { exact: true }).click();
    await ben.getByTestId('watch').check();
    await ben.getByTestId('join').click();
    await inCall(ben);
    await tileOf(ada, 'Ben').waitFor(JOIN);
    await expect.poll(() => attribute(ben, 'microphone', 'aria-label')).toBe('Turn microphone on');
    await expect.poll(() => tileOf(ada, 'Ben').locator('video').isVisible()).toBe(false);
  });
});

/**
 * What browsers do to whoever has not touched the page. Their own flag would not do: what a test asks of a page is a touch to
 * Chromium.
 */
const SILENCE = `{
  const { prototype } = HTMLMediaElement;
  const { play } = prototype;
  let isTouched = false;
  addEventListener('pointerdown', () => { isTouched = true; }, true);
  prototype.play = function () {
    return isTouched ? play.call(this) : Promise.reject(new DOMException('no gesture', 'NotAllowedError'));
  };
  Object.defineProperty(prototype, 'autoplay', { set() {} });
  prototype.setAttribute = function (name, value) {
    if (name.toLowerCase() !== 'autoplay') Element.prototype.setAttribute.call(this, name, value);
  };
}`;

it('lets in whoever allows nothing: what is silent needs a click, and it is said what to do about the devices', async () => {
  const browser = await launchChromium({ mediaAllowed: false });
  try {
    const ben = await openPage(browser);
    await ben.context().addInitScript(SILENCE);
    await ben.goto(addressOf(scene(), { room, name: 'Ben', auto: '1' }));
    await inCall(ben);
    const silence = ben.locator('[data-testid=banner][data-kind=playback]');
    await silence.waitFor(JOIN);
    await ben.getByTestId('start-playback').click();
    await silence.waitFor({ state: 'detached' });
    await expect.poll(() => ben.evaluate('document.querySelector("[data-participant=Ada] video").paused')).toBe(false);

    await ben.getByTestId('leave').click();
    await ben.getByTestId('new-room').click();
    await ben.getByText('Camera and microphone are blocked').waitFor();
    await ben.getByTestId('device-help').click();
    await ben.getByTestId('device-dialog').getByText('left of the address').waitFor();
    await ben.keyboard.press('Escape');
    await ben.getByTestId('device-dialog').waitFor({ state: 'detached' });
    await expect.poll(() => ben.evaluate('document.activeElement.dataset.testid')).toBe('device-help');
  } finally {
    await browser.close();
  }
});

it('says why a room cannot be joined, and what to do', async () => {
  const small = await enter(scene(), 'small', 'Cyd', { capacity: 1 });
  await inCall(small);
  const ben = await enter(scene(), 'small', 'Ben');
  const notice = () => ben.getByTestId('notice').textContent();
  await expect.poll(notice, JOIN).toMatch(/full.*Try again/);

  await ben.getByTestId('room').fill('nowhere');
  await ben.getByText('Room options', { exact: true }).click();
  await ben.getByTestId('create').uncheck();
  await ben.getByTestId('join').click();
  await expect.poll(notice, JOIN).toMatch(/no such room/);

  const claims = v.parse(TokenClaims, { sub: 'user://localhost/ben', grants: { room: '*', create: true } });
  await ben.getByTestId('token').fill(await signToken(claims, DEVELOPMENT_SECRET, -1));
  await ben.getByTestId('join').click();
  await expect.poll(notice, JOIN).toMatch(/expired.*new one/);

  // And with another it works, without loading the page again.
  await ben.getByTestId('token').fill(await signToken(claims, DEVELOPMENT_SECRET, 600));
  await ben.getByTestId('create').check();
  await ben.getByTestId('option-capacity').fill('2');
  await ben.getByTestId('join').click();
  await inCall(ben);
});

it('offers to watch and listen where one may not publish', async () => {
  const lecturer = await enter(scene(), 'lecture', 'Cyd', { publishers: 'moderators' });
  await inCall(lecturer);
  const ben = await enter(scene(), 'lecture', 'Ben');
  await ben.getByTestId('notice').getByText('only moderators publish').waitFor(JOIN);
  await ben.getByTestId('join-watching').click();
  await inCall(ben);
  await tileOf(lecturer, 'Ben').waitFor(JOIN);
  await tileOf(ben, 'Cyd').locator('video').waitFor(JOIN);
  await ben.getByLabel('Only moderators may turn on a microphone here').waitFor();
});

it('never scrolls sideways at the width of a phone', async () => {
  const page = await visit(scene());
  await page.setViewportSize(PHONE);
  await page.getByTestId('name').fill('Somebody with quite a long name');
  await page.getByText('Room options', { exact: true }).click();
  expect(await isTooWide(page)).toBe(false);
});
