import { once } from 'node:events';
import { startAgent } from './agent.ts';
import { ConfigError, HELP, readConfig } from './config.ts';
import { LinkError } from './link.ts';
import { jsonLog, reasonOf } from './log.ts';

const EXIT = { failed: 1, badConfig: 2, refused: 3 } as const;

const log = jsonLog((line) => process.stderr.write(line));

async function main(): Promise<void> {
  const config = readConfig(process.argv.slice(2), process.env);
  if (config === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info('stopping', { signal });
      stopping.abort();
    });
  }
  try {
    const agent = await startAgent(config, { log, signal: stopping.signal });
    process.stdout.write(`${JSON.stringify({ ready: true, health: agent.healthUrl })}\n`);
    if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
    await agent.stop();
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  }
}

/** What went wrong at the start, said to whoever started it. */
function explain(error: unknown): { message: string; exitCode: number } {
  if (error instanceof ConfigError) return { message: error.message, exitCode: EXIT.badConfig };
  if (error instanceof LinkError) {
    const message = `The API refuses this node: ${error.message}. Check TOKEN (role media-node, not expired), DOMAIN and NODE_ID.`;
    return { message, exitCode: EXIT.refused };
  }
  return { message: reasonOf(error), exitCode: EXIT.failed };
}

main().catch((error) => {
  const { message, exitCode } = explain(error);
  log.error(message);
  process.exitCode = exitCode;
});
