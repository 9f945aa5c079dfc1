import { once } from 'node:events';
import { fstatSync } from 'node:fs';
import { ConfigError, HELP, readConfig } from './config.ts';
import { LinkError } from './link-error.ts';
import { jsonLog, reasonOf } from './log.ts';
import { startAgent } from './start.ts';

/** `drained`: its host is to go, so nobody is to start it again. */
const EXIT = { ok: 0, failed: 1, badConfig: 2, refused: 3, drained: 4 } as const;

const log = jsonLog((line) => process.stderr.write(line));

async function main(): Promise<void> {
  const config = readConfig(process.argv.slice(2), process.env);
  if (config === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const { signal } = stopping();
  try {
    const agent = await startAgent(config, { log, signal });
    process.on('SIGUSR2', agent.drain);
    process.stdout.write(`${JSON.stringify({ ready: true, health: agent.healthUrl })}\n`);
    const isDrained = await Promise.race([agent.drained.then(() => true), aborted(signal)]);
    await (signal.reason === 'stop' ? agent.stop() : agent.retire());
    if (isDrained) process.exitCode = EXIT.drained;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function aborted(signal: AbortSignal): Promise<false> {
  if (!signal.aborted) await once(signal, 'abort');
  return false;
}

/** What ends the process: SIGTERM for another to go on; SIGINT, or the end of the parent that started it, for good. */
function stopping(): AbortController {
  const controller = new AbortController();
  for (const [signal, reason] of [
    ['SIGTERM', 'stop'],
    ['SIGINT', 'retire'],
  ] as const) {
    process.once(signal, () => {
      log.info('stopping', { signal });
      controller.abort(reason);
    });
  }
  // A parent that gave us a pipe holds its other end, which closes with the parent, however that ended.
  const input = fstatSync(0);
  if (input.isFIFO() || input.isSocket()) process.stdin.on('end', () => controller.abort('retire')).resume();
  return controller;
}

/** What went wrong at the start, said to whoever started it. */
function explain(error: unknown): { message: string; exitCode: number } {
  if (error instanceof ConfigError) return { message: error.message, exitCode: EXIT.badConfig };
  if (error instanceof LinkError) {
    const message = `The API refuses this node: ${error.message}. Check SIGNALLING_URL, TOKEN (role media-node, not expired), DOMAIN and NODE_ID.`;
    return { message, exitCode: EXIT.refused };
  }
  return { message: reasonOf(error), exitCode: EXIT.failed };
}

// At the end explicitly: kurento-client keeps timers for seconds after its last answer.
main().then(
  () => process.exit(process.exitCode ?? EXIT.ok),
  (error) => {
    const { message, exitCode } = explain(error);
    log.error(message);
    process.exit(exitCode);
  },
);
