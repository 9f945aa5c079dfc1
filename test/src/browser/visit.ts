import type { Locator, Page } from 'playwright-core';
import { openPage } from '../call/participant.ts';
import { CAMERA, JOIN, type Scene } from './scene.ts';

/** Opens the call page with what its address may say. */
export async function visit(scene: Scene, parameters: Record<string, string> = {}): Promise<Page> {
  const page = await openPage(scene.browser);
  await page.goto(addressOf(scene, parameters));
  return page;
}

export function addressOf({ stack }: Scene, parameters: Record<string, string>): string {
  const url = new URL(stack.demo);
  url.search = new URLSearchParams({ video: CAMERA, ...parameters }).toString();
  return url.href;
}

/** Somebody on the way into a room, without the page before it; `options` are those of the room, if this opens it. */
export function enter(scene: Scene, room: string, name: string, options: object = {}): Promise<Page> {
  return visit(scene, { room, name, auto: '1', options: JSON.stringify(options) });
}

/** The same, with the camera off: where many come whose pictures nobody looks at. */
export async function enterUnseen(scene: Scene, room: string, name: string): Promise<Page> {
  const page = await openPage(scene.browser);
  // As the page before the call remembers it.
  await page.addInitScript(`localStorage.setItem('hyperroom.choices', '{"isCameraOn":false}')`);
  await page.goto(addressOf(scene, { room, name, auto: '1' }));
  return page;
}

/** Those who are in a room, in the order of the names; the first opens it, the others come all at once. */
export async function gather<Names extends readonly string[]>(
  scene: Scene,
  room: string,
  names: readonly [...Names],
  options: object = {},
): Promise<{ [Index in keyof Names]: Page }> {
  const come = async (name: string) => {
    const page = await enter(scene, room, name, options);
    await inCall(page);
    return page;
  };
  const [first, ...others] = names;
  const pages = first === undefined ? [] : [await come(first), ...(await Promise.all(others.map(come)))];
  return pages as { [Index in keyof Names]: Page };
}

export const inCall = (page: Page) => page.getByTestId('call').waitFor(JOIN);

export const tileOf = (page: Page, name: string) => page.locator(`[data-testid=tile][data-participant="${name}"]`);

export const isTooWide = (page: Page) =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');

/** Opens a panel of the call, if it is not open already. */
export async function openPanel(page: Page, name: string): Promise<void> {
  await unfold(page.getByTestId(`panel-${name}`));
}

/** Presses what opens something, unless that is open. */
export async function unfold(button: Locator): Promise<void> {
  if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
}
