import { parseArgs } from 'node:util';
import { benchGaps } from '../bench/gap-bench.ts';
import { gapLine } from '../bench/gap-table.ts';
import { columns } from '../call/table.ts';
import { run, tellingOnStderr, wholeNumber } from './command.ts';

const HELP = `Measures what faults cost in decoded pictures: calls of three with real media, on two media nodes: npm run bench:gaps [-- options]

  --repeat N    how often each fault happens (default 3)
  --json        the figures as one line of JSON on stdout
  --verbose     what the functions, the agents and the engines log, on stderr
  --help        this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      repeat: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const results = await benchGaps({
    repeat: wholeNumber('--repeat', values.repeat, { from: 1, to: 100 }),
    ...tellingOnStderr(values.verbose),
  });
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ results })}\n`);
    return;
  }
  const rows = results.map(gapLine).map(({ what, budget, gap, baseline, lost, isOver }) => {
    return [what, budget, gap, baseline, lost, isOver ? 'over' : 'ok'];
  });
  const headings = ['fault', 'may cost', 'longest gap', 'without fault', 'pictures lost', ''];
  process.stdout.write(`\n${columns([headings, ...rows])}`);
}

run(main);
