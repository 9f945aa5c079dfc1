import { parseArgs } from 'node:util';
import { startStack } from '@hyperroom/local';
import { columns } from '../call/table.ts';
import { launchChromium } from '../chromium/launch.ts';
import { Theatre } from '../pages/theatre.ts';
import { type Loaded, measurePage, type Vitals } from '../pages/vitals.ts';
import { run, tellingOnStderr } from './command.ts';

const HELP = `Measures the call page as it is deployed: what its first load and a join transfer, how long they keep it busy, and what moves: npm run bench:page [-- options]

  --json     the figures as one line of JSON on stdout
  --verbose  what the stack logs, on stderr
  --help     this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const telling = tellingOnStderr(values.verbose);
  const browser = await launchChromium(telling);
  try {
    const stack = await startStack(telling);
    try {
      const figures = await measurePage(new Theatre(browser, stack));
      const { first, join, crowd } = figures;
      const rows = [row('first load', first, first), row('joining', join, join), row('five come and go', crowd)];
      const head = ['', 'requests', 'KiB gzipped', 'LCP', 'CLS', 'long tasks', 'blocked'];
      process.stdout.write(values.json ? `${JSON.stringify({ figures })}\n` : `\n${columns([head, ...rows])}`);
    } finally {
      await stack.close();
    }
  } finally {
    await browser.close();
  }
}

function row(what: string, { paintedAt, shift, longTasks, blockedMs }: Vitals, loaded?: Loaded): string[] {
  const sizes = loaded ? [String(loaded.requests.length), (loaded.bytes / 1024).toFixed(1)] : ['', ''];
  const times = [`${paintedAt.toFixed(0)} ms`, shift.toFixed(4), String(longTasks), `${blockedMs.toFixed(0)} ms`];
  return [what, ...sizes, ...times];
}

run(main);
