import { parseArgs } from 'node:util';
import { takeScreenshots } from '../pages/screenshots.ts';
import { run, tellingOnStderr } from './command.ts';

const HELP = `Photographs every state of the call page at the widths of a desk, a tablet and a phone, light and dark: npm run screenshots [-- options]

  --only TEXT   only the states whose name has this in it: call/, before/denied, five
  --out FOLDER  where the pictures go (default test-results/screenshots)
  --docs        no others than those of the README and docs, into docs/images
  --list        the names of the states, and nothing else
  --verbose     what the stack logs, on stderr
  --help        this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      out: { type: 'string' },
      docs: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const { only, out, docs, list, verbose } = values;
  const telling = tellingOnStderr(verbose);
  const pictures = await takeScreenshots({ only, docs, list, ...(out !== undefined && { out }), ...telling });
  process.stdout.write(`${pictures.join('\n')}\n`);
}

run(main);
