import { startStack } from '@hyperroom/local';
import { MemberPage } from '../call/member-page.ts';
import { until } from '../call/until.ts';
import { launchChromium } from '../chromium/launch.ts';
import { type PauseFigure, type PauseTimes, pauseFigures } from './pause-figures.ts';

export interface PauseOptions {
  /** How often a video is paused and resumed. */
  readonly repeat: number;
  readonly onProgress: (step: string) => void;
}

/** Has one participant pause and resume another's video again and again, by asking and by scrolling it away, with real media. */
export async function benchPause({ repeat, onProgress }: PauseOptions): Promise<PauseFigure[]> {
  const stack = await startStack({ onProgress });
  const browser = await launchChromium({ onProgress });
  try {
    const page = await MemberPage.open(browser, stack);
    const run = <Result>(command: string, ...parameters: unknown[]) =>
      page.run(command, ...parameters) as Promise<Result>;
    for (const name of ['Ada', 'Ben']) {
      await run('arrive', name, stack.signalling, stack.domain);
      await run('join', name, 'bench', { create: true, media: ['audio', 'video'] });
    }
    const flows = () => run<{ framesDecoded?: number }[]>('received', 'Ben');
    await until(flows, (received) => received.some(({ framesDecoded = 0 }) => framesDecoded > 20), {
      deadline: 20_000,
    });
    await run('show', 'Ben', 'Ada', 'main');
    await run('place', 'Ben', 'Ada', 'in sight');
    const figures: PauseFigure[] = [];
    for (const how of ['asked', 'out of sight']) {
      const times: PauseTimes[] = [];
      for (let round = 1; round <= repeat; round++) {
        onProgress(`${how}: pause ${round} of ${repeat}`);
        times.push(await run<PauseTimes>('pauseTimes', 'Ben', 'Ada', how));
      }
      figures.push(...pauseFigures(how, times));
    }
    return figures;
  } finally {
    await browser.close();
    await stack.close();
  }
}
