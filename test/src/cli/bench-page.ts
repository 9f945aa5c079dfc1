import { parseArgs } from 'node:util';
import { columns } from '../call/table.ts';
import { openTheatre } from '../pages/open-theatre.ts';
import { type Loaded, measurePage, type PageFigures, type Vitals } from '../pages/vitals.ts';
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
  const { theatre, close } = await openTheatre(tellingOnStderr(values.verbose));
  try {
    const figures = await measurePage(theatre);
    process.stdout.write(values.json ? `${JSON.stringify({ figures })}\n` : `\n${columns(tableOf(figures))}`);
  } finally {
    await close();
  }
}

const HEAD = ['', 'requests', 'KiB gzipped', 'LCP', 'CLS', 'long tasks', 'blocked'];

function tableOf({ first, join, crowd }: PageFigures): string[][] {
  return [HEAD, row('first load', first, first), row('joining', join, join), row('five come and go', crowd)];
}

function row(what: string, { paintedAt, shift, longTasks, blockedMs }: Vitals, loaded?: Loaded): string[] {
  const sizes = loaded ? [String(loaded.requests.length), (loaded.bytes / 1024).toFixed(1)] : ['', ''];
  const times = [`${paintedAt.toFixed(0)} ms`, shift.toFixed(4), String(longTasks), `${blockedMs.toFixed(0)} ms`];
  return [what, ...sizes, ...times];
}

run(main);
