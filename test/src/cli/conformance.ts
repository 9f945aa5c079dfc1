import { parseArgs } from 'node:util';
import { runConformance } from '../conformance/run.ts';
import type { Target } from '../conformance/target.ts';
import { run } from './command.ts';

const HELP = `Speaks reTHINK to a deployment, message by message: npm run test:conformance -- [options]

  --url URL       the signalling WebSocket, ws://… or wss://… (default: an emulator of its own, which reorders messages)
  --domain NAME   the reTHINK domain that it serves
  --token TOKEN   a participant's token, where nobody may come without one; once more for one of another user
  --help          this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      domain: { type: 'string' },
      token: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const target = targetOf(values);
  process.exitCode = (await runConformance(target)) ? 0 : 1;
}

function targetOf({
  url,
  domain,
  token: tokens,
}: {
  url?: string;
  domain?: string;
  token: string[];
}): Target | undefined {
  if (url === undefined && domain === undefined && tokens.length === 0) return undefined;
  if (!url || !/^wss?:\/\//.test(url)) throw new RangeError('--url takes the ws:// or wss:// of a deployment');
  if (!domain) throw new RangeError('--domain takes the reTHINK domain of the deployment');
  if (tokens.length === 1) throw new RangeError('--token is given twice: half of the suite is about somebody else');
  return { url, domain, tokens };
}

run(main);
