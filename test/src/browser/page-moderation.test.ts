import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { JOIN, useScene } from './scene.ts';
import { enter, gather, inCall, tileOf } from './visit.ts';

const scene = useScene();

afterEach(() => scene().closePages());

const person = (page: Page, name: string) => page.locator(`[data-testid=person][data-person="${name}"]`);
const waiting = (page: Page, name: string) => page.locator(`[data-testid=waiting-person][data-person="${name}"]`);

/** Opens what can be done about somebody. */
async function optionsFor(page: Page, name: string): Promise<ReturnType<typeof person>> {
  await page.getByTestId('panel-people').click();
  await page.getByLabel(`Options for ${name}`).click();
  return person(page, name);
}

it('lets a moderator mute somebody, who is told and cannot undo it, and lift it again', async () => {
  const [ada, ben] = await gather(scene(), 'moderated', ['Ada', 'Ben']);
  const aboutBen = await optionsFor(ada, 'Ben');
  await aboutBen.getByTestId('block-microphone').click();
  for (const page of [ada, ben]) await tileOf(page, 'Ben').getByLabel('muted by a moderator').waitFor();
  await aboutBen.getByText('microphone muted by a moderator').waitFor();
  await ben.getByText('A moderator has muted your microphone').waitFor();
  expect(await ben.getByTestId('microphone').getAttribute('aria-disabled')).toBe('true');
  await ben.keyboard.press('m');
  await ben.getByTestId('news').getByText('Your microphone is muted by a moderator').waitFor();

  await aboutBen.getByTestId('block-microphone').click();
  await ben.getByLabel('Turn microphone off').waitFor();
  for (const page of [ada, ben]) {
    await tileOf(page, 'Ben').getByLabel('muted by a moderator').waitFor({ state: 'detached' });
  }
  // Who is no moderator is offered none of it.
  const aboutAda = await optionsFor(ben, 'Ada');
  await aboutAda.getByTestId('write').waitFor();
  for (const testid of ['block-microphone', 'appoint', 'remove'])
    expect(await aboutAda.getByTestId(testid).count()).toBe(0);
});

it('lets everybody pause and drop what they receive', async () => {
  const [ada] = await gather(scene(), 'receiving', ['Ada', 'Ben']);
  const picture = tileOf(ada, 'Ben').locator('video');
  await picture.waitFor(JOIN);
  const aboutBen = await optionsFor(ada, 'Ben');
  await aboutBen.getByTestId('pause-main').click();
  await tileOf(ada, 'Ben').getByText('Picture paused').waitFor();
  expect(await picture.isVisible()).toBe(false);
  await aboutBen.getByText('Resume picture').click();
  await expect.poll(() => picture.isVisible()).toBe(true);
  await aboutBen.getByTestId('subscribe-main').click();
  await tileOf(ada, 'Ben').getByText('Not received').waitFor();
  await aboutBen.getByTestId('subscribe-main').click();
  await expect.poll(() => picture.isVisible(), JOIN).toBe(true);
});

it('lets a moderator appoint another, and lower a hand', async () => {
  const [ada, ben] = await gather(scene(), 'appointed', ['Ada', 'Ben']);
  await ben.getByTestId('hand').click();
  const aboutBen = await optionsFor(ada, 'Ben');
  await aboutBen.getByTestId('lower-hand').click();
  await ben.getByLabel('Raise your hand').waitFor();
  await aboutBen.getByTestId('appoint').click();
  await tileOf(ada, 'Ben').getByLabel('moderator').waitFor();
  await ben.getByText('You are a moderator now').waitFor();
  const aboutAda = await optionsFor(ben, 'Ada');
  await aboutAda.getByTestId('remove').waitFor();
});

it('lets a moderator remove somebody after a second thought, who hears why', async () => {
  const [ada, ben] = await gather(scene(), 'strict', ['Ada', 'Ben']);
  const aboutBen = await optionsFor(ada, 'Ben');
  await aboutBen.getByTestId('remove').click();
  await ada.keyboard.press('Escape');
  await ada.getByTestId('remove-dialog').waitFor({ state: 'detached' });
  await tileOf(ada, 'Ben').waitFor();

  await aboutBen.getByTestId('remove').click();
  await ada.getByTestId('remove-reason').fill('Wrong meeting');
  await ada.getByTestId('confirm-remove').click();
  await ben.getByText('Wrong meeting').waitFor();
  expect(await ben.getByTestId('after-call').getAttribute('data-reason')).toBe('removed');
  expect(await ben.getByTestId('rejoin').count()).toBe(0);
  await tileOf(ada, 'Ben').waitFor({ state: 'detached' });
});

it('has a moderator told of whoever knocks, who is let in, refused, or gives up', async () => {
  const [ada] = await gather(scene(), 'lounge', ['Ada'], { waitingRoom: true });
  const [ben, cyd, dan] = await Promise.all(['Ben', 'Cyd', 'Dan'].map((name) => enter(scene(), 'lounge', name)));
  if (!ben || !cyd || !dan) throw new Error('three knock');
  for (const page of [ben, cyd, dan]) await page.getByTestId('waiting').waitFor(JOIN);

  await ada.getByTestId('knock').getByText('ask to be let in').waitFor();
  await ada.getByLabel('Participants (3 new)').click();
  await ada.getByTestId('knock').waitFor({ state: 'detached' });
  await waiting(ada, 'Cyd').getByTestId('refuse').click();
  await expect.poll(() => cyd.getByTestId('notice').textContent()).toMatch(/did not let you in/);
  await dan.getByTestId('cancel').click();
  await waiting(ada, 'Dan').waitFor({ state: 'detached' });
  await waiting(ada, 'Ben').getByTestId('admit').click();
  await inCall(ben);

  await ada.getByTestId('close-panel').click();
  const eve = await enter(scene(), 'lounge', 'Eve');
  await ada.getByTestId('knock').getByText('Eve').waitFor(JOIN);
  await ada.getByTestId('knock-admit').click();
  await inCall(eve);
});

it('lets all in at once who wait', async () => {
  const [ada] = await gather(scene(), 'foyer', ['Ada'], { waitingRoom: true });
  const guests = await Promise.all(['Ben', 'Cyd'].map((name) => enter(scene(), 'foyer', name)));
  await ada.getByLabel('Participants (2 new)').click(JOIN);
  await ada.getByTestId('admit-all').click();
  for (const guest of guests) await inCall(guest);
});

it('lets a moderator say how the room is run, and end it for everybody', async () => {
  const [ada, ben] = await gather(scene(), 'run', ['Ada', 'Ben']);
  await ada.getByTestId('panel-settings').click();
  await ada.getByTestId('title').fill('Weekly');
  await ada.getByTestId('save-title').click();
  for (const page of [ada, ben]) await page.getByTestId('room-title').getByText('Weekly').waitFor();
  await ada.getByTestId('lock').check();
  await ben.locator('[aria-label=locked]').waitFor();
  await ada.getByTestId('waiting-room').check();
  await ada.getByTestId('only-moderators').check();
  await ben.getByLabel('Only moderators may turn on a microphone here').waitFor();
  await ben.getByTestId('panel-settings').click();
  await expect
    .poll(() => ben.getByTestId('room-facts').textContent())
    .toMatch(/only moderators publish.*locked.*waiting room/);
  expect(await ben.getByTestId('end-for-everyone').count()).toBe(0);

  await ada.getByTestId('end-for-everyone').click();
  await ada.getByTestId('end-reason').fill('Lunch');
  await ada.getByTestId('end').click();
  for (const page of [ada, ben])
    expect(await page.getByTestId('after-call').getAttribute('data-reason', JOIN)).toBe('ended');
  await ben.getByText('Lunch').waitFor();
});
