import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployLocally } from '../deploy/deploy.ts';
import { harmlessEnvironment } from '../deploy/harmless.ts';
import { localEndpoint } from '../deploy/local-endpoint.ts';
import { deployRequestOf, HELP } from './deploy-request.ts';

/** As shells have it for who was ended by Ctrl-C. */
const INTERRUPTED = 130;

/** Gives the exit code. */
async function main(): Promise<number> {
  const request = deployRequestOf(process.argv.slice(2), process.env);
  if (!request) {
    process.stdout.write(HELP);
    return 0;
  }
  const endpoint = await localEndpoint(request.endpoint);
  const folder = await mkdtemp(join(tmpdir(), 'hyperroom-deploy-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  const environment = harmlessEnvironment(process.env, { endpoint, region: request.region, home: folder });
  // For whatever this process and its children may yet ask of AWS.
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);

  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt.abort());
  try {
    const deployment = await deployLocally({
      ...request,
      endpoint,
      environment,
      folder,
      onProgress: (step) => process.stderr.write(`  ${step} …\n`),
      log: (line) => {
        if (request.verbose) process.stderr.write(`${line}\n`);
      },
      signal: interrupt.signal,
    });
    const { close, ...urls } = deployment;
    process.stdout.write(request.json ? `${JSON.stringify(urls)}\n` : wordsOf(urls));
    if (!interrupt.signal.aborted) {
      await new Promise<void>((resolve) => interrupt.signal.addEventListener('abort', () => resolve()));
    }
    await close();
    return 0;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    return INTERRUPTED;
  } finally {
    await removeFolder();
  }
}

function wordsOf({ demo, signalling, management }: { demo: string; signalling: string; management: string }): string {
  return `
  Hyperroom is deployed. Open this in two tabs:

    ${demo}

  signalling  ${signalling}
  management  ${management}
  Test it     npm run test:deployed -- --url ${signalling}
  Ctrl-C ends the media node and the page; what is deployed stays in the emulator.
`;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`\n  ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
