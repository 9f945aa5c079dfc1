import type { Browser, Page } from 'playwright-core';
import * as v from 'valibot';
import { PageReport } from './page-report.ts';
import { pageScript } from './page-script.ts';

export interface ParticipantOptions {
  /** Where the call page is. */
  readonly demo: string;
  readonly room: string;
  readonly name: string;
  readonly token?: string | undefined;
  /** What to ask of the camera, `320x180` or `320x180@15`. Default: the page's. */
  readonly size?: string;
  /** The options of the room, if it is not there yet. Default: the page's. */
  readonly roomOptions?: Readonly<Record<string, unknown>>;
}

const JOIN_DEADLINE = 30_000;
const LEAVE_DEADLINE = 10_000;

/** What is asked of anybody in a room through the call page, whichever browser it is in. */
export interface Attendee {
  readonly name: string;
  /** What went wrong in the page so far. */
  readonly errors: readonly string[];
  readonly page: {
    evaluate(script: string): Promise<unknown>;
    waitForSelector(selector: string): Promise<unknown>;
    click(selector: string): Promise<void>;
    type(selector: string, text: string): Promise<void>;
  };
  report(): Promise<PageReport>;
  /** Leaves by the page's button. */
  leave(): Promise<void>;
}

/** Somebody in a room, through the call page in a Chromium. */
export class Participant implements Attendee {
  readonly name: string;
  readonly page: Page;
  readonly #errors: string[];

  private constructor(name: string, page: Page, errors: string[]) {
    this.name = name;
    this.page = page;
    this.#errors = errors;
  }

  /** Opens the page and joins; rejects with the page's words if it is refused. */
  static async join(browser: Browser, options: ParticipantOptions): Promise<Participant> {
    const { name } = options;
    const page = await openPage(browser);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(`${name}'s page: ${error.message}`));
    await page.goto(pageUrl(options));
    const outcome = page.getByTestId('call').or(page.getByRole('alert'));
    await outcome.first().waitFor({ timeout: JOIN_DEADLINE });
    if (!(await page.getByTestId('call').isVisible())) {
      throw new Error(`${name} could not join: ${await page.getByRole('alert').textContent()}`);
    }
    return new Participant(name, page, errors);
  }

  get errors(): readonly string[] {
    return this.#errors;
  }

  async report(): Promise<PageReport> {
    return v.parse(PageReport, await this.page.evaluate('hyperroomProbe.report()'));
  }

  async leave(): Promise<void> {
    await this.page.getByTestId('leave').click({ timeout: LEAVE_DEADLINE });
    await this.page.getByTestId('after-call').waitFor({ timeout: LEAVE_DEADLINE });
  }
}

/** Where the call page joins at once. */
export function pageUrl({ demo, room, name, token, size, roomOptions }: ParticipantOptions): string {
  const url = new URL(demo);
  const optional = {
    ...(size && { video: size }),
    ...(token && { token }),
    ...(roomOptions && { options: JSON.stringify(roomOptions) }),
  };
  url.search = new URLSearchParams({ room, name, auto: '1', ...optional }).toString();
  return url.href;
}

/** A page of its own, with the probe in it. */
export async function openPage(browser: Browser): Promise<Page> {
  // Small, and nothing moves: what browsers paint is what two cores feel.
  const context = await browser.newContext({ viewport: { width: 1024, height: 640 }, reducedMotion: 'reduce' });
  await context.addInitScript({ content: await pageScript('probe.ts') });
  return context.newPage();
}
