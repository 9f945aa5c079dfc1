import { parseArgs } from 'node:util';
import { MAX_CAPACITY } from '@hyperroom/protocol';
import { benchCrowd } from '../bench/crowd-bench.ts';
import type { CrowdFigures } from '../bench/crowd-figures.ts';
import { columns } from '../call/table.ts';
import { run, tellingOnStderr, wholeNumber } from './command.ts';

const HELP = `Counts what joins cost in a room of many, without browsers or media: npm run bench:crowd [-- options]

  --participants N   how many join, one after another (default 50)
  --json             the figures of every join as one line of JSON on stdout
  --verbose          what the functions and the agent log, on stderr
  --help             this text

up, down     messages of the joiner until it is answered; later: those after that
answer       how large the frame with its answer is
posts        messages posted because of it, to whomever
endpoints    what the media server holds once all has settled, and the most meanwhile
links        publications that somebody receives, once for each who does
reads …      items of DynamoDB, for what the joiner sent
`;

const HEADINGS = ['join', 'up', 'down', 'later', 'answer', 'posts', 'endpoints', 'peak', 'links', 'reads', 'writes'];
/** The joins that are shown, and the last. */
const SHOWN = [1, 2, 5, 10, 20, 50];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      participants: { type: 'string', default: '50' },
      json: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const participants = wholeNumber('--participants', values.participants, { from: 1, to: MAX_CAPACITY });
  const figures = await benchCrowd({
    participants,
    ...tellingOnStderr(values.verbose),
  });
  const shown = figures.filter(({ participants: count }) => SHOWN.includes(count) || count === participants);
  const table = () => `\n${columns([HEADINGS, ...shown.map(row)])}`;
  process.stdout.write(values.json ? `${JSON.stringify({ joins: figures })}\n` : table());
}

function row(join: CrowdFigures): string[] {
  const { participants, messagesUp, messagesDown, laterUp, laterDown, answerBytes } = join;
  const { posts, endpoints, peakEndpoints, links, reads, writes } = join;
  return [
    `${participants}`,
    `${messagesUp}`,
    `${messagesDown}`,
    `${laterUp}/${laterDown}`,
    `${(answerBytes / 1000).toFixed(1)} kB`,
    ...[posts, endpoints, peakEndpoints, links, reads, writes].map(String),
  ];
}

run(main);
