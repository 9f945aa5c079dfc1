import { type ChildProcess, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEVELOPMENT_SECRET, type Stack, startStack } from '@hyperroom/local';
import { createServer } from 'vite';
import { freePort } from '../free-port.ts';
import { run, tellingOnStderr } from './command.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', '..', 'examples');
/** Node 22 needs no telling. */
const FLAGS = 'WebSocket' in globalThis ? [] : ['--experimental-websocket', '--no-warnings'];

const HELP = `Runs examples against a Hyperroom of their own: npm run example -- NAME...

Pages are served, and their links printed; what is for Node is run. Ctrl-C ends it all.
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { help: { type: 'boolean' } }, allowPositionals: true });
  const known = await examples();
  if (values.help) {
    process.stdout.write(`${HELP}\n${listOf(known)}\n`);
    return;
  }
  const unknown = positionals.find((name) => !known.has(name));
  if (unknown !== undefined) throw new RangeError(`'${unknown}' is none. ${listOf(known)}`);
  if (positionals.length === 0) throw new RangeError(`which one? ${listOf(known)}`);
  const webhookPort = await freePort();
  const stack = await startStack({
    webhook: `http://127.0.0.1:${webhookPort}/`,
    ...tellingOnStderr(false),
  });
  // The domain is the host's name, unless one is told otherwise.
  const signalling = stack.signalling.replace('127.0.0.1', stack.domain);
  const pages = positionals.filter((name) => known.get(name) === 'page');
  const server = await servePages(signalling);
  for (const name of pages) process.stdout.write(`${name}: ${new URL(`${name}/`, server.url)}\n`);
  const scripts = positionals.filter((name) => known.get(name) === 'script');
  const children = scripts.map((name) => start(name, environment(stack, signalling, webhookPort)));
  process.once('SIGINT', async () => {
    for (const child of children) child.kill();
    await Promise.all([server.close(), stack.close()]);
    process.exit(0);
  });
}

function listOf(known: ReadonlyMap<string, unknown>): string {
  return `There are ${[...known.keys()].join(', ')}.`;
}

/** By name: pages have an index.html. */
async function examples(): Promise<ReadonlyMap<string, 'page' | 'script'>> {
  const files = await readdir(EXAMPLES, { recursive: true });
  const folders = files.filter((file) => /^[\w-]+\/main\.tsx?$/.test(file)).map((file) => file.split('/')[0] ?? '');
  return new Map(folders.sort().map((name) => [name, files.includes(`${name}/index.html`) ? 'page' : 'script']));
}

async function servePages(signalling: string) {
  const server = await createServer({
    root: EXAMPLES,
    define: { 'import.meta.env.VITE_HYPERROOM_URL': JSON.stringify(signalling) },
    server: { host: '127.0.0.1' },
    logLevel: 'warn',
  });
  await server.listen();
  return { url: server.resolvedUrls?.local[0], close: () => server.close() };
}

function environment(stack: Stack, signalling: string, webhookPort: number): Record<string, string> {
  return {
    HYPERROOM_URL: signalling,
    HYPERROOM_API: stack.api,
    HYPERROOM_SECRET: DEVELOPMENT_SECRET,
    HYPERROOM_WEBHOOK_SECRET: stack.emulator.secrets.webhookSecret ?? '',
    PORT: String(webhookPort),
  };
}

function start(name: string, added: Readonly<Record<string, string>>): ChildProcess {
  const options = { cwd: join(EXAMPLES, name), env: { ...process.env, ...added }, stdio: 'inherit' } as const;
  return spawn(process.execPath, ['--import', 'tsx', ...FLAGS, 'main.ts'], options);
}

run(main);
