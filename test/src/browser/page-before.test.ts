import { DEVELOPMENT_SECRET, signToken } from '@hyperroom/local';
import { TokenClaims } from '@hyperroom/protocol';
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import { openPage } from '../call/participant.ts';
import { launchChromium } from '../chromium/launch.ts';
import { JOIN, useScene } from './scene.ts';
import { addressOf, enter, gather, inCall, isTooWide, tileOf, visit } from './visit.ts';

const scene = useScene();

afterEach(() => scene().closePages());

const PHONE = { width: 390, height: 844 };

const attribute = (page: Page, testid: string, name: string) => page.getByTestId(testid).getAttribute(name);
/** Tracks of one's own picture before the call: which are live, and whether they give anything. */
const tracks = (page: Page) =>
  page.evaluate<Record<string, boolean>>(
    'Object.fromEntries(document.querySelector("video").srcObject.getTracks().map((t) => [t.kind, t.enabled]))',
  );
const waitingPerson = (page: Page, name: string) => page.locator(`[data-testid=waiting-person][data-person="${name}"]`);
const box = (page: Page, selector: string) => page.locator(selector).boundingBox();

it('is joined by keyboard, invites by its link, and is left for the page after the call', async () => {
  const ada = await visit(scene());
  await ada.getByTestId('name').waitFor();
  await ada.keyboard.type('Ada');
  await ada.keyboard.press('Enter');
  await inCall(ada);

  const link = ada.url();
  expect(new URL(link).searchParams.get('room')).toMatch(/^[\w.~-]+$/);
  const ben = await openPage(scene().browser);
  await ben.goto(link);
  await ben.getByTestId('name').waitFor();
  expect(await ben.getByTestId('room').count()).toBe(0);
  await ben.keyboard.type('Ben');
  await ben.keyboard.press('Enter');
  await inCall(ben);
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
      page.evaluate<string>('document.querySelector("video").srcObject.getAudioTracks().map((t) => t.label).join()');
    await expect.poll(inUse).toBe(another);
    expect(await page.getByTestId('device-camera').locator('option').count()).toBeGreaterThan(0);
    expect(await page.getByTestId('device-speaker').locator('option').count()).toBeGreaterThan(1);
  });

  it('are joined with as they were left, this time and the next', async () => {
    const page = await visit(scene(), { room: 'remembered' });
    await page.getByTestId('preview').waitFor();
    await page.getByTestId('microphone').click();
    expect(await tracks(page)).toEqual({ audio: false, video: true });
    await page.getByTestId('camera').click();
    await page.getByText('Your camera is off').waitFor();
    await page.getByTestId('name').fill('Ada');
    await page.getByTestId('join').click();
    await inCall(page);
    await tileOf(page, 'Ada').getByLabel('microphone off').waitFor();
    expect(await page.getByLabel('Turn camera on').count()).toBe(1);
    // What was off before the call is had in it.
    await page.getByTestId('camera').click();
    await page.getByLabel('Turn camera off').waitFor(JOIN);
    await page.getByTestId('leave').click();
    await page.getByTestId('after-call').waitFor();

    await page.goto(addressOf(scene(), {}));
    await page.getByText('Your camera is off').waitFor();
    expect(await page.getByTestId('name').inputValue()).toBe('Ada');
    expect(await attribute(page, 'microphone', 'aria-label')).toBe('Turn microphone on');
    await page.getByTestId('camera').click();
    await page.getByTestId('preview').waitFor();
    expect(await tracks(page)).toEqual({ audio: false, video: true });
  });

  it('are left alone by whoever only watches', async () => {
    const [ada] = await gather(scene(), 'watching', ['Ada']);
    const ben = await visit(scene(), { room: 'watching', name: 'Ben' });
    await ben.getByText('Room options', { exact: true }).click();
    await ben.getByTestId('watch').check();
    await ben.getByTestId('join').click();
    await inCall(ben);
    await tileOf(ada, 'Ben').waitFor(JOIN);
    expect(await attribute(ben, 'microphone', 'aria-label')).toBe('Turn microphone on');
    expect(await tileOf(ada, 'Ben').locator('video').isVisible()).toBe(false);
  });

  it('that are blocked do not keep anybody out, and it is said what to do', async () => {
    const browser = await launchChromium({ mediaAllowed: false });
    try {
      const page = await openPage(browser);
      await page.goto(addressOf(scene(), { room: 'blocked', name: 'Ada' }));
      await page.getByText('Camera and microphone are blocked').waitFor();
      await page.getByTestId('device-help').click();
      await page.getByTestId('device-dialog').getByText('left of the address').waitFor();
      await page.keyboard.press('Escape');
      await page.getByTestId('device-dialog').waitFor({ state: 'detached' });
      expect(await page.evaluate('document.activeElement.dataset.testid')).toBe('device-help');
      await page.getByTestId('join').click();
      await inCall(page);
      await page.getByTestId('leave').click();
      await page.getByTestId('after-call').waitFor();
    } finally {
      await browser.close();
    }
  });
});

it('has those wait who are not let in yet, until they are, are not, or give up', async () => {
  const [ada] = await gather(scene(), 'lounge', ['Ada'], { waitingRoom: true });
  await ada.getByTestId('panel-people').click();
  const ben = await enter(scene(), 'lounge', 'Ben');
  await ben.getByText('Waiting for somebody to let you in…').waitFor(JOIN);
  await waitingPerson(ada, 'Ben').waitFor();
  await ben.getByTestId('cancel').click();
  await waitingPerson(ada, 'Ben').waitFor({ state: 'detached' });

  await ben.getByTestId('join').click();
  await waitingPerson(ada, 'Ben').getByTestId('refuse').click(JOIN);
  await expect.poll(() => ben.getByTestId('notice').textContent()).toMatch(/did not let you in/);

  await ben.getByTestId('join').click();
  await waitingPerson(ada, 'Ben').getByTestId('admit').click(JOIN);
  await inCall(ben);
});

it('says why a room cannot be joined, and what to do', async () => {
  await gather(scene(), 'small', ['Ada'], { capacity: 1 });
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

it('never scrolls sideways at the width of a phone', async () => {
  const page = await visit(scene());
  await page.setViewportSize(PHONE);
  await page.getByTestId('name').fill('Somebody with quite a long name');
  await page.getByText('Room options', { exact: true }).click();
  expect(await isTooWide(page)).toBe(false);
  await page.getByTestId('join').click();
  await inCall(page);
  await page.getByTestId('leave').click();
  await page.getByTestId('after-call').waitFor();
  expect(await isTooWide(page)).toBe(false);
});
