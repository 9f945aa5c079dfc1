import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { JOIN, useScene } from './scene.ts';
import { enterUnseen, gather, inCall, openPanel, tileOf, unfold } from './visit.ts';

/* One call, of which Ada is the moderator from the beginning to the end. */

const scene = useScene();

const ROOM = 'moderated';

let ada: Page;
let ben: Page;
let eve: Page;

const person = (page: Page, name: string) => page.locator(`[data-testid=person][data-person="${name}"]`);
const waiting = (page: Page, name: string) => page.locator(`[data-testid=waiting-person][data-person="${name}"]`);
const closePanel = (page: Page) => page.getByTestId('close-panel').click();

/** Opens what can be done about somebody. */
async function optionsFor(page: Page, name: string): Promise<ReturnType<typeof person>> {
  await openPanel(page, 'people');
  await unfold(page.getByLabel(`Options for ${name}`));
  return person(page, name);
}

beforeAll(async () => {
  [ada, ben] = await gather(scene(), ROOM, ['Ada', 'Ben']);
  await tileOf(ada, 'Ben').locator('video').waitFor(JOIN);
});

it('lets a moderator mute somebody, who is told and cannot undo it, and lift it again', async () => {
  const aboutBen = await optionsFor(ada, 'Ben');
  await aboutBen.getByTestId('block-microphone').click();
  for (const page of [ada, ben]) await tileOf(page, 'Ben').getByLabel('muted by a moderator').waitFor();
  await aboutBen.getByText('microphone muted by a moderator').waitFor();
  await ben.getByText('A moderator has muted your microphone').waitFor();
  await expect.poll(() => ben.getByTestId('microphone').getAttribute('aria-disabled')).toBe('true');
  await ben.keyboard.press('m');
  await ben.getByTestId('news').getByText('Your microphone is muted by a moderator').waitFor();

  await aboutBen.getByTestId('block-microphone').click();
  await ben.getByLabel('Turn microphone off').waitFor();
  for (const page of [ada, ben]) {
    await tileOf(page, 'Ben').getByLabel('muted by a moderator').waitFor({ state: 'detached' });
  }
  await closePanel(ada);
});

it('offers nothing of it to who is no moderator', async () => {
  const aboutAda = await optionsFor(ben, 'Ada');
  await aboutAda.getByTestId('write').waitFor();
  for (const testid of ['block-microphone', 'appoint', 'remove']) {
    expect(await aboutAda.getByTestId(testid).count()).toBe(0);
  }
  await openPanel(ben, 'settings');
  await ben.getByTestId('room-facts').waitFor();
  for (const testid of ['lock', 'end-for-everyone']) expect(await ben.getByTestId(testid).count()).toBe(0);
  await closePanel(ben);
});

it('lets everybody pause and drop what they receive, and show somebody large', async () => {
  const picture = tileOf(ben, 'Ada').locator('video');
  await picture.waitFor(JOIN);
  const aboutAda = await optionsFor(ben, 'Ada');
  await aboutAda.getByTestId('pause-main').click();
  await tileOf(ben, 'Ada').getByText('Picture paused').waitFor();
  await expect.poll(() => picture.isVisible()).toBe(false);
  await aboutAda.getByText('Resume picture').click();
  await expect.poll(() => picture.isVisible()).toBe(true);
  await aboutAda.getByTestId('subscribe-main').click();
  await tileOf(ben, 'Ada').getByText('Not received').waitFor();
  await aboutAda.getByTestId('subscribe-main').click();
  await expect.poll(() => picture.isVisible(), JOIN).toBe(true);
  await aboutAda.getByTestId('pin-person').click();
  await expect.poll(() => ben.locator('[data-large]').getAttribute('data-participant')).toBe('Ada');
  await aboutAda.getByTestId('pin-person').click();
  await expect.poll(() => ben.locator('[data-large]').count()).toBe(0);
  await closePanel(ben);
});

it('lets a moderator lower a hand, and appoint another for a while', async () => {
  await ben.getByTestId('hand').click();
  const aboutBen = await optionsFor(ada, 'Ben');
  await aboutBen.getByTestId('lower-hand').click();
  await ben.getByLabel('Raise your hand').waitFor();
  await aboutBen.getByTestId('appoint').click();
  await tileOf(ada, 'Ben').getByLabel('moderator').waitFor();
  await ben.getByText('You are a moderator now').waitFor();
  const aboutAda = await optionsFor(ben, 'Ada');
  await aboutAda.getByTestId('remove').waitFor();
  await aboutBen.getByTestId('appoint').click();
  await aboutAda.getByTestId('remove').waitFor({ state: 'detached' });
  for (const page of [ada, ben]) await closePanel(page);
});

it('lets a moderator say how the room is run', async () => {
  await openPanel(ada, 'settings');
  await ada.getByTestId('title').fill('Weekly');
  await ada.getByTestId('save-title').click();
  for (const page of [ada, ben]) await page.getByTestId('room-title').getByText('Weekly').waitFor();
  await ada.getByTestId('lock').check();
  await ben.locator('[aria-label=locked]').waitFor();
  await ada.getByTestId('waiting-room').check();
  await ada.getByTestId('only-moderators').check();
  await ben.getByLabel('Only moderators may turn on a microphone here').waitFor();
  await openPanel(ben, 'settings');
  await expect
    .poll(() => ben.getByTestId('room-facts').textContent())
    .toMatch(/only moderators publish.*locked.*waiting room/);

  for (const testid of ['lock', 'waiting-room', 'only-moderators']) await ada.getByTestId(testid).uncheck();
  await expect.poll(() => ben.getByTestId('room-facts').textContent()).not.toMatch(/only|locked|waiting/);
  for (const page of [ada, ben]) await closePanel(page);
});

it('has those wait who are not let in yet, until they are, are not, or give up; a moderator is told', async () => {
  await openPanel(ada, 'settings');
  await ada.getByTestId('waiting-room').check();
  await closePanel(ada);
  const [cyd, dan] = await Promise.all([enterUnseen(scene(), ROOM, 'Cyd'), enterUnseen(scene(), ROOM, 'Dan')]);
  eve = await enterUnseen(scene(), ROOM, 'Eve');
  for (const page of [cyd, dan, eve]) await page.getByText('Waiting for somebody to let you in…').waitFor(JOIN);
  await ada.getByTestId('knock').getByText('ask to be let in').waitFor();
  await ada.getByLabel('Participants (3 new)').click();
  await ada.getByTestId('knock').waitFor({ state: 'detached' });

  await waiting(ada, 'Cyd').getByTestId('refuse').click();
  await expect.poll(() => cyd.getByTestId('notice').textContent()).toMatch(/did not let you in/);
  await dan.getByTestId('cancel').click();
  await waiting(ada, 'Dan').waitFor({ state: 'detached' });
  await waiting(ada, 'Eve').getByTestId('admit').click();
  await inCall(eve);

  // Whoever knocks again is one who knocks.
  await closePanel(ada);
  await dan.getByTestId('join').click();
  await ada.getByTestId('knock').getByText('Dan').waitFor(JOIN);
  await ada.getByTestId('knock-admit').click();
  await inCall(dan);

  // All at once.
  await dan.getByTestId('leave').click();
  await dan.getByTestId('rejoin').click();
  await cyd.getByTestId('join').click();
  await ada.getByLabel('Participants (2 new)').waitFor(JOIN);
  await ada.getByTestId('knock-show').click();
  await ada.getByTestId('admit-all').click();
  for (const page of [cyd, dan]) await inCall(page);
  await closePanel(ada);
  await scene().closePages(ada, ben, eve);
});

it('lets a moderator remove somebody after a second thought, who hears why', async () => {
  const aboutEve = await optionsFor(ada, 'Eve');
  await aboutEve.getByTestId('remove').click();
  await ada.keyboard.press('Escape');
  await ada.getByTestId('remove-dialog').waitFor({ state: 'detached' });
  await tileOf(ada, 'Eve').waitFor();

  await aboutEve.getByTestId('remove').click();
  await ada.getByTestId('remove-reason').fill('Wrong meeting');
  await ada.getByTestId('confirm-remove').click();
  await eve.getByText('Wrong meeting').waitFor();
  expect(await eve.getByTestId('after-call').getAttribute('data-reason')).toBe('removed');
  expect(await eve.getByTestId('rejoin').count()).toBe(0);
  await tileOf(ada, 'Eve').waitFor({ state: 'detached' });
  await closePanel(ada);
});

it('lets a moderator end it for everybody', async () => {
  await openPanel(ada, 'settings');
  await ada.getByTestId('end-for-everyone').click();
  await ada.getByTestId('end-reason').fill('Lunch');
  await ada.getByTestId('end').click();
  for (const page of [ada, ben]) {
    expect(await page.getByTestId('after-call').getAttribute('data-reason', JOIN)).toBe('ended');
  }
  await ben.getByText('Lunch').waitFor();
});
