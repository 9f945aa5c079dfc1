import { DEVELOPMENT_SECRET, signToken } from '@hyperroom/local';
import { TokenClaims } from '@hyperroom/protocol';
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import { openPage } from '../call/participant.ts';
import { launchChromium } from '../chromium/launch.ts';
import { CAMERA, JOIN, useScene } from './scene.ts';

const scene = useScene();

afterEach(() => scene().closePages());

const PHONE = { width: 360, height: 740 };

async function visit(url: string): Promise<Page> {
  const page = await openPage(scene().browser);
  await page.goto(url);
  return page;
}

/** Where somebody joins a room at once; `options` are those of the room, if this opens it. */
function address(room: string, name: string, options: object = {}): string {
  const url = new URL(scene().stack.demo);
  url.search = new URLSearchParams({
    room,
    name,
    auto: '1',
    video: CAMERA,
    options: JSON.stringify(options),
  }).toString();
  return url.href;
}

/** Those who are in a room, in the order of the names; the first opens it. */
async function gather(room: string, names: readonly string[], options: object = {}): Promise<Page[]> {
  const pages: Page[] = [];
  for (const name of names) {
    const page = await visit(address(room, name, options));
    await inCall(page);
    pages.push(page);
  }
  return pages;
}

const inCall = (page: Page) => page.getByTestId('call').waitFor(JOIN);
const tileOf = (page: Page, name: string) => page.locator(`[data-testid=tile][data-participant="${name}"]`);
const message = (page: Page, text: string) => page.getByTestId('message').filter({ hasText: text });
const person = (page: Page, name: string) => page.locator(`[data-testid=person][data-person="${name}"]`);
const waiting = (page: Page, name: string) => page.locator(`[data-testid=waiting-person][data-person="${name}"]`);
const options = (page: Page, name: string) => page.getByLabel(`Options for ${name}`);
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
  const page = await visit(address('mute', 'Ada'));
  await inCall(page);
  const tile = tileOf(page, 'Ada');
  const microphone = page.getByTestId('microphone');
  const camera = page.getByTestId('camera');
  const enabled = () => page.evaluate('document.querySelector("video").srcObject.getTracks().map((t) => t.enabled)');

  expect(await microphone.getAttribute('aria-label')).toBe('Turn microphone off');
  await microphone.click();
  await page.getByLabel('Turn microphone on').waitFor();
  expect(await microphone.getAttribute('aria-pressed')).toBe('true');
  await tile.getByLabel('microphone off').waitFor();
  await camera.click();
  await page.getByLabel('Turn camera on').waitFor();
  expect(await tile.locator('video').isVisible()).toBe(false);
  expect(await enabled()).toEqual([false, false]);

  await microphone.click();
  await camera.click();
  await page.getByLabel('Turn microphone off').waitFor();
  await page.getByLabel('Turn camera off').waitFor();
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

it('carries chat to everyone and to one, shows what is unread, and what was written before one came', async () => {
  const [ada, ben] = await gather('chat', ['Ada', 'Ben'], { history: 10 });
  if (!ada || !ben) throw new Error('two came');
  await ben.getByTestId('panel-chat').click();
  await ben.getByTestId('chat-text').fill('Good morning');
  await ben.keyboard.press('Enter');
  await ada.getByLabel('Chat (1 new)').click();
  await message(ada, 'Good morning').waitFor();
  expect(await ada.getByTestId('panel-chat').getAttribute('aria-label')).toBe('Chat');

  await ada.getByTestId('chat-to').selectOption({ label: 'Ben only' });
  await ada.getByTestId('chat-text').fill('Only for you');
  await ada.getByTestId('chat-send').click();
  await message(ben, 'Only for you').waitFor();
  expect(await message(ben, 'Only for you').textContent()).toContain('Ada to you only');

  const cyd = await visit(address('chat', 'Cyd'));
  await inCall(cyd);
  await cyd.getByTestId('panel-chat').click();
  await message(cyd, 'Good morning').waitFor();
  expect(await message(cyd, 'Only for you').count()).toBe(0);
});

it('lets a moderator mute somebody, who is told and cannot undo it, and lift it again', async () => {
  const [ada, ben] = await gather('moderated', ['Ada', 'Ben']);
  if (!ada || !ben) throw new Error('two came');
  await ada.getByTestId('panel-people').click();
  await options(ada, 'Ben').click();
  await person(ada, 'Ben').getByTestId('block-microphone').click();
  for (const page of [ada, ben]) await tileOf(page, 'Ben').getByLabel('muted by a moderator').waitFor();
  expect(await ben.getByTestId('microphone').isDisabled()).toBe(true);
  await ben.getByText('A moderator has muted your microphone').waitFor();

  await person(ada, 'Ben').getByTestId('block-microphone').click();
  await ben.getByLabel('Turn microphone off').waitFor();
  for (const page of [ada, ben]) {
    await tileOf(page, 'Ben').getByLabel('muted by a moderator').waitFor({ state: 'hidden' });
  }
  // Who is no moderator is offered none of it.
  await ben.getByTestId('panel-people').click();
  await options(ben, 'Ada').click();
  expect(await person(ben, 'Ada').getByTestId('block-microphone').isVisible()).toBe(false);
});

it('joins with nothing of one’s own, and publishes later', async () => {
  const [ada] = await gather('watching-first', ['Ada']);
  if (!ada) throw new Error('one came');
  const ben = await visit(new URL('?room=watching-first', scene().stack.demo).href);
  await ben.getByTestId('name').fill('Ben');
  await ben.getByTestId('join-with').selectOption('nothing');
  await ben.getByTestId('join').click();
  await inCall(ben);
  expect(await ben.getByTestId('microphone').isDisabled()).toBe(true);
  await tileOf(ada, 'Ben').waitFor(JOIN);
  expect(await tileOf(ada, 'Ben').locator('video').isVisible()).toBe(false);

  await ben.getByTestId('panel-settings').click();
  await ben.getByTestId('publish').click();
  await tileOf(ada, 'Ben').locator('video').waitFor(JOIN);
  await ben.getByLabel('Turn microphone off').waitFor();
  await ben.getByTestId('publish').click();
  await tileOf(ada, 'Ben').locator('video').waitFor({ state: 'hidden' });
});

it('lets a moderator remove somebody, who hears why', async () => {
  const [ada, ben] = await gather('strict', ['Ada', 'Ben']);
  if (!ada || !ben) throw new Error('two came');
  await ada.getByTestId('panel-people').click();
  await options(ada, 'Ben').click();
  await ada.getByTestId('remove-reason').fill('Wrong meeting');
  await ada.getByTestId('remove').click();
  await ben.getByText('Wrong meeting').waitFor();
  expect(await ben.getByTestId('after-call').getAttribute('data-reason')).toBe('removed');
  expect(await ben.getByTestId('rejoin').count()).toBe(0);
  await tileOf(ada, 'Ben').waitFor({ state: 'detached' });
});

it('shows a shared screen to the others until it is stopped', async () => {
  const [ada, ben] = await gather('sharing', ['Ada', 'Ben']);
  if (!ada || !ben) throw new Error('two came');
  await ada.getByTestId('share-screen').click();
  for (const page of [ada, ben]) await page.getByTestId('screen').waitFor(JOIN);
  const width = () => ben.evaluate('document.querySelector("[data-testid=screen] video").videoWidth');
  await expect.poll(width, JOIN).toBeGreaterThan(0);
  expect(await ben.getByTestId('screen').textContent()).toContain('Ada’s screen');

  await ada.getByTestId('share-screen').click();
  for (const page of [ada, ben]) await page.getByTestId('screen').waitFor({ state: 'detached' });
  await tileOf(ben, 'Ada').waitFor();
});

it('has those wait who are not let in yet, and says so if they are not', async () => {
  const [ada] = await gather('lounge', ['Ada'], { waitingRoom: true });
  if (!ada) throw new Error('one came');
  const ben = await visit(address('lounge', 'Ben'));
  const cyd = await visit(address('lounge', 'Cyd'));
  for (const page of [ben, cyd]) await page.getByText('Waiting for somebody to let you in…').waitFor(JOIN);

  await ada.getByLabel('Participants (2 new)').click();
  await waiting(ada, 'Ben').getByTestId('admit').click();
  await inCall(ben);
  await waiting(ada, 'Cyd').getByTestId('refuse').click();
  await expect.poll(() => cyd.getByTestId('notice').textContent()).toMatch(/did not let you in/);

  const dan = await visit(address('lounge', 'Dan'));
  await dan.getByTestId('cancel').click(JOIN);
  await dan.getByTestId('join').waitFor();
  await waiting(ada, 'Dan').waitFor({ state: 'detached' });
});

it('says why a room cannot be joined, and what to do', async () => {
  await gather('small', ['Ada'], { capacity: 1 });
  const ben = await visit(address('small', 'Ben'));
  await expect.poll(() => ben.getByTestId('notice').textContent(), JOIN).toMatch(/full.*Try again/);

  await gather('shut', ['Ada'], { locked: true });
  const cyd = await visit(address('shut', 'Cyd'));
  await expect.poll(() => cyd.getByTestId('notice').textContent(), JOIN).toMatch(/locked.*Ask/);

  await cyd.getByTestId('room').fill('nowhere');
  await cyd.getByText('Room options', { exact: true }).click();
  await cyd.getByTestId('create').uncheck();
  await cyd.getByTestId('join').click();
  await expect.poll(() => cyd.getByTestId('notice').textContent(), JOIN).toMatch(/no such room/);

  const claims = v.parse(TokenClaims, { sub: 'user://localhost/dan', grants: { room: '*', create: true } });
  const expired = await signToken(claims, DEVELOPMENT_SECRET, -1);
  await cyd.getByText('Room options', { exact: true }).click();
  await cyd.getByTestId('token').fill(expired);
  await cyd.getByTestId('join').click();
  await expect.poll(() => cyd.getByTestId('notice').textContent(), JOIN).toMatch(/expired.*new one/);
});

describe('at the width of a phone', () => {
  it('never scrolls sideways', async () => {
    const page = await visit(scene().stack.demo);
    await page.setViewportSize(PHONE);
    await page.getByTestId('name').fill('Somebody with quite a long name');
    await page.getByText('Room options', { exact: true }).click();
    expect(await isTooWide(page)).toBe(false);
    await page.getByTestId('join').click();
    await inCall(page);
    expect(await isTooWide(page)).toBe(false);
    for (const panel of ['chat', 'people', 'settings', 'stats']) {
      await page.getByTestId(`panel-${panel}`).click();
      expect([panel, await isTooWide(page)]).toEqual([panel, false]);
    }
    await page.getByTestId('leave').click();
    await page.getByTestId('after-call').waitFor();
    expect(await isTooWide(page)).toBe(false);
  });
});
