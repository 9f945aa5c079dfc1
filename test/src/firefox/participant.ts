import type { Browser, Page } from 'puppeteer-core';
import * as v from 'valibot';
import { PageReport } from '../call/page-report.ts';
import { pageScript } from '../call/page-script.ts';
import { type ParticipantOptions, pageUrl } from '../call/participant.ts';

const JOIN_DEADLINE = 30_000;
const CALL = '[data-testid=call]';
const ALERT = '[role=alert]';

/** Somebody in a room, through the call page in a Firefox. */
export class FirefoxParticipant {
  readonly name: string;
  readonly page: Page;
  readonly #errors: string[];

  private constructor(name: string, page: Page, errors: string[]) {
    this.name = name;
    this.page = page;
    this.#errors = errors;
  }

  /** Opens the page, in a window and with storage of its own, and joins; rejects with the page's words if it is refused. */
  static async join(browser: Browser, options: ParticipantOptions): Promise<FirefoxParticipant> {
    const { name } = options;
    const context = await browser.createBrowserContext();
    // In a tab of a shared window it would be hidden, and get no pictures.
    const page = await context.newPage({ type: 'window' });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(`${name}'s page: ${error}`));
    await page.evaluateOnNewDocument(await pageScript('probe.ts'));
    await page.goto(pageUrl(options));
    await page.waitForSelector(`${CALL}, ${ALERT}`, { visible: true, timeout: JOIN_DEADLINE });
    if (!(await page.$(CALL))) {
      throw new Error(`${name} could not join: ${await page.$eval(ALERT, ({ textContent }) => textContent)}`);
    }
    return new FirefoxParticipant(name, page, errors);
  }

  /** What went wrong in the page so far. */
  get errors(): readonly string[] {
    return this.#errors;
  }

  async report(): Promise<PageReport> {
    return v.parse(PageReport, await this.page.evaluate('hyperroomProbe.report()'));
  }

  /** Leaves by the page's button. */
  async leave(): Promise<void> {
    await this.page.click('[data-testid=leave]');
    await this.page.waitForSelector('[data-testid=after-call]', { visible: true });
  }
}
