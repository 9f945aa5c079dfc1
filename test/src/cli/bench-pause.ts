import { parseArgs } from 'node:util';
import { benchPause } from '../bench/pause-bench.ts';
import { columns } from '../call/table.ts';
import { run, wholeNumber } from './command.ts';

const HELP = `Measures how soon a paused video stops and a resumed one shows a picture, by asking and by scrolling it out of sight: npm run bench:pause [-- options]

  --repeat N    how often, each way (default 10)
  --json        the figures as one line of JSON on stdout
  --help        this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      repeat: { type: 'string', default: '10' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const figures = await benchPause({
    repeat: wholeNumber('--repeat', values.repeat, { from: 1, to: 1000 }),
    onProgress: (step) => process.stderr.write(`  ${step}\n`),
  });
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ figures })}\n`);
    return;
  }
  const rows = figures.map(({ what, budget, p50, worst }) => {
    return [what, `${budget} ms`, `${p50.toFixed(0)} ms`, `${worst.toFixed(0)} ms`, worst > budget ? 'over' : 'ok'];
  });
  process.stdout.write(`\n${columns([['', 'budget', 'p50', 'worst', ''], ...rows])}`);
}

run(main);
