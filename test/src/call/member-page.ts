import type { Browser, Page } from 'playwright-core';
import { pageScript } from './page-script.ts';
import { openPage } from './participant.ts';
import type { RunningStack } from './running-stack.ts';

/** A page in which participants live that do what they are told through the SDK's public interface (`page/member.ts`). */
export class MemberPage {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(browser: Browser, stack: RunningStack): Promise<MemberPage> {
    const page = await openPage(browser);
    // Camera and microphone want a secure origin, and the call page's is one. This page of it runs nothing by itself.
    await page.goto(new URL('config.json', stack.demo).href);
    await page.addScriptTag({ content: await pageScript('member.ts') });
    return new MemberPage(page);
  }

  run(command: string, ...parameters: unknown[]): Promise<unknown> {
    return this.page.evaluate(`hyperroomMembers.${command}(...${JSON.stringify(parameters)})`);
  }
}
