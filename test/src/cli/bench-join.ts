import { parseArgs } from 'node:util';
import { type BudgetLine, budgetTable, isOver } from '../bench/budget-table.ts';
import { benchJoins } from '../bench/join-bench.ts';
import { columns } from '../call/table.ts';
import { run, tellingOnStderr, wholeNumber } from './command.ts';

const HELP = `Measures joins on this machine against the design's budgets: npm run bench:join [-- options]

  --repeat N   how many calls of three are made (default 7); times are their medians, counts their worst
  --json       lines and raw figures as one line of JSON on stdout
  --verbose    what the functions, the agent and the engine log, on stderr
  --help       this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      repeat: { type: 'string', default: '7' },
      json: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const result = await benchJoins({
    repeat: wholeNumber('--repeat', values.repeat, { from: 1, to: 1000 }),
    ...tellingOnStderr(values.verbose),
  });
  const lines = budgetTable(result);
  process.stdout.write(values.json ? `${JSON.stringify({ lines, ...result })}\n` : `\n${text(lines)}`);
}

function text(lines: readonly BudgetLine[]): string {
  const rows = lines.map((line) => [line.what, amount(line, line.budget), amount(line, line.measured), mark(line)]);
  const table = columns([['', 'budget', 'measured', ''], ...rows]).split('\n');
  return table.map((row, at) => `${row}  ${lines[at - 1]?.note ?? ''}`.trimEnd()).join('\n');
}

function mark(line: BudgetLine): string {
  if (line.budget === null) return '';
  return isOver(line) ? 'over' : 'ok';
}

function amount({ unit }: BudgetLine, value: number | null): string {
  if (value === null) return '–';
  if (unit === '$') return `$${value.toFixed(2)}`;
  if (unit === 'KiB') return `${value.toFixed(1)} KiB`;
  return unit === 'ms' ? `${Math.round(value)} ms` : String(value);
}

run(main);
