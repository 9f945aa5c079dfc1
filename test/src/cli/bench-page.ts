import { parseArgs } from 'node:util';
import { columns } from '../call/table.ts';
import { openTheatre } from '../pages/open-theatre.ts';
import { BUDGET, type Loaded, measurePage, type PageFigures, type Vitals } from '../pages/vitals.ts';
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
  return [
    HEAD,
    row('first load', first, first),
    row('joining', join, join),
    row('five come and go', crowd),
    ['at most', ...figuresOf(BUDGET, BUDGET.requests, '')],
  ];
}

function row(what: string, vitals: Vitals, loaded?: Loaded): string[] {
  return [what, ...figuresOf({ ...vitals, bytes: loaded?.bytes }, loaded?.requests.length, String(vitals.longTasks))];
}

interface Figures extends Omit<Vitals, 'longTasks'> {
  readonly bytes: number | undefined;
}

function figuresOf(figures: Figures, requests: number | undefined, longTasks: string): string[] {
  const { bytes, paintedAt, shift, blockedMs } = figures;
  const sizes = bytes === undefined ? ['', ''] : [String(requests), (bytes / 1024).toFixed(1)];
  return [...sizes, `${paintedAt.toFixed(0)} ms`, shift.toFixed(4), longTasks, `${blockedMs.toFixed(0)} ms`];
}

run(main);
