import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { provideChromium } from '../chromium/provide.ts';
import { runInOwnNetwork } from '../firefox/own-network.ts';
import { provideFirefox } from '../firefox/provide.ts';
import { run, tellingOnStderr } from './command.ts';

const HELP = `Tests the call page with two Firefox and a Chromium in one room, in a network namespace of its own: npm run test:firefox [-- options]

  --help  this text
`;

const ROOT = join(import.meta.dirname, '../../..');
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  // In there, nothing can be fetched any more.
  const { onProgress } = tellingOnStderr(false);
  await provideChromium(onProgress);
  await provideFirefox(onProgress);
  process.exitCode = await runInOwnNetwork([process.execPath, VITEST, 'run', '--project', 'firefox'], ROOT);
}

run(main);
