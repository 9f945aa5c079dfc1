import { parseArgs } from 'node:util';
import { isOver } from '../bench/budget-table.ts';
import { benchRelay } from '../bench/relay-bench.ts';
import { type RelayFigures, relayBudgets } from '../bench/relay-figures.ts';
import { columns } from '../call/table.ts';
import { run, wholeNumber } from './command.ts';

const HELP = `Measures what relaying a message takes, on an emulator of its own: npm run bench:relay [-- options]

  --seconds N   how long each path is measured (default 5)
  --rate N      messages delivered each second: to ten observers a tenth is sent (default 100)
  --json        figures and budgets as one line of JSON on stdout
  --help        this text
`;

const HEADINGS = ['', 'messages/s', 'p50', 'p99', 'invocations', 'reads', 'writes', 'posts'];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '5' },
      rate: { type: 'string', default: '100' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const figures = await benchRelay({
    seconds: wholeNumber('--seconds', values.seconds, { from: 1, to: 600 }),
    rate: wholeNumber('--rate', values.rate, { from: 1, to: 2000 }),
    onProgress: (step) => process.stderr.write(`  ${step}\n`),
  });
  const budgets = relayBudgets(figures);
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ figures, budgets })}\n`);
    return;
  }
  const lines = budgets.map((line) => {
    const verdict = isOver(line) ? `over: ${line.note}` : 'ok';
    return [line.what, String(line.budget), String(line.measured), verdict];
  });
  process.stdout.write(`\n${columns([HEADINGS, ...figures.map(row)])}\n`);
  process.stdout.write(columns([['', 'budget', 'measured', ''], ...lines]));
}

/** The counts are those of one message. */
function row({ path, perSecond, p50, p99, invocations, reads, writes, posts }: RelayFigures): string[] {
  const counts = [invocations, reads, writes, posts].map((count) => count.toFixed(2));
  return [path, perSecond.toFixed(0), `${p50.toFixed(1)} ms`, `${p99.toFixed(1)} ms`, ...counts];
}

run(main);
