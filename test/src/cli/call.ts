import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { type CallResult, makeCall } from '../call/call.ts';
import { LiveTable, streamTable } from '../call/table.ts';
import { run, wholeNumber } from './command.ts';

const HELP = `A whole group call of headless browsers on a stack of its own: npm run call -- [options]

  --participants N   how many join (default 3)
  --seconds N        how long they talk (default 10)
  --size WxH         what they ask of their cameras, as 320x180 (default: the call page's choice)
  --kurento URL      a Kurento Media Server, ws://host:8888/kurento (default: the embedded media engine)
  --json             the figures as one line of JSON on stdout
  --verbose          what the functions, the agent and the engine log, on stderr
  --help             this text

Exit code 0: everybody saw and heard everybody, and nothing is left. 1: not so. 2: these options make no sense.
`;

const SCREENSHOT = join(import.meta.dirname, '..', '..', '..', 'test-results', 'call.png');

async function main(): Promise<void> {
  const values = readOptions();
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const table = new LiveTable(process.stderr);
  const { participants, seconds, size, kurento } = values;
  const result = await makeCall({
    participants,
    seconds,
    ...(size && { size }),
    ...(kurento && { kurento }),
    screenshot: SCREENSHOT,
    onProgress: (step) => process.stderr.write(`  ${step}\n`),
    onStreams: (streams) => table.draw(streamTable(streams)),
    onTalked: () => table.end(),
    log: (line) => {
      if (values.verbose) process.stderr.write(`${line}\n`);
    },
  });
  process.stderr.write(`  screenshot: ${relative(process.cwd(), SCREENSHOT)}\n`);
  if (values.json) process.stdout.write(`${JSON.stringify(figures(participants, result))}\n`);
  for (const problem of result.problems) process.stderr.write(`  not as it should be: ${problem}\n`);
  if (result.problems.length > 0) process.exitCode = 1;
  else process.stderr.write('  everybody saw and heard everybody, and nothing is left\n');
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      participants: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '10' },
      size: { type: 'string' },
      kurento: { type: 'string' },
      json: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.size !== undefined && !/^\d+x\d+(@\d+)?$/.test(values.size)) {
    throw new RangeError(`--size takes a width and a height as 320x180, not '${values.size}'`);
  }
  return {
    ...values,
    participants: wholeNumber('--participants', values.participants, { from: 1, to: 50 }),
    seconds: wholeNumber('--seconds', values.seconds, { from: 1, to: 3600 }),
  };
}

function figures(participants: number, { streams, joins, left }: CallResult) {
  return {
    participants,
    streams: streams.map(({ from, to, framesDecoded, audioPackets, firstFrameMs }) => ({
      from,
      to,
      framesDecoded,
      audioPackets,
      firstFrameMs,
    })),
    join: joins,
    left,
  };
}

run(main);
