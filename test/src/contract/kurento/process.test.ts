import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { RpcClient } from './rpc-client.ts';

const MAIN = fileURLToPath(new URL('../../../../local/src/kurento/main.ts', import.meta.url));

async function start(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, '--port', '0'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, url: (JSON.parse(line) as { url: string }).url };
}

it('says where it listens and ends with SIGTERM', async () => {
  const { child, url } = await start();
  const client = await RpcClient.open(url);
  expect(await client.call('ping')).toEqual({ value: 'pong' });
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it('ends with its parent, whose end of standard input closes', async () => {
  const { child } = await start();
  child.stdin?.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
});
