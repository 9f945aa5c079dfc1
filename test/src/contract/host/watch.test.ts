import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../../../../media-agent/host/watch.sh');

const healthy = '{"signalling":true,"kurento":true}';
const hangs = '{"signalling":true,"kurento":false}';
const cutOff = '{"signalling":false,"kurento":true}';

/** What the script does while the agent says this, look by look. */
async function watch(looks: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hyperroom-watch-'));
  const left = [...looks];
  const server = createServer((_, response) => response.writeHead(503).end(left.shift()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  const log = join(folder, 'log');
  // The script ends with its last look.
  await place(join(folder, 'sleep'), `echo >>${folder}/looks; [ "$(wc -l <${folder}/looks)" -le ${looks.length} ]`);
  await place(join(folder, 'systemctl'), `echo "$@" >>${log}`);
  await writeFile(log, '');
  const { port } = server.address() as AddressInfo;
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, HEALTH_PORT: String(port) };
  await promisify(execFile)('bash', [SCRIPT], { env });
  expect(left).toEqual([]);
  return readFile(log, 'utf8');
}

async function place(file: string, script: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

const RESTART = 'restart hyperroom-kurento.service\n';

test('Kurento that has not answered for a minute is started again, and then given as long once more', async () => {
  expect(await watch(Array(11).fill(hangs))).toBe(RESTART);
  expect(await watch(Array(12).fill(hangs))).toBe(RESTART + RESTART);
});

test('what passes is waited for; an agent without signalling, or without an answer, is nothing of Kurento’s', async () => {
  expect(await watch([...Array(5).fill(hangs), healthy, ...Array(5).fill(hangs)])).toBe('');
  expect(await watch(Array(7).fill(cutOff))).toBe('');
  expect(await watch(Array(7).fill(''))).toBe('');
});
