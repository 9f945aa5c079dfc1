import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { startStack } from '@hyperroom/local';
import { startKurentoEngine } from '@hyperroom/local/kurento';
import * as v from 'valibot';
import { expect, it, vi } from 'vitest';
import { mediaObjects } from '../call/kurento-inventory.ts';
import { Participant } from '../call/participant.ts';
import { launchChromium } from '../chromium/launch.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const Started = v.object({
  demo: v.pipe(v.string(), v.url()),
  signalling: v.pipe(v.string(), v.startsWith('ws://')),
  management: v.pipe(v.string(), v.url()),
  metrics: v.pipe(v.string(), v.url()),
});

it('ends its processes when the stack is closed', async () => {
  const stack = await startStack();
  const processes = [stack.agent.process, stack.engine?.process];
  expect(processes.map((child) => isAlive(child?.pid))).toEqual([true, true]);
  await stack.close();
  expect(processes.map((child) => isAlive(child?.pid))).toEqual([false, false]);
  // Both went when they were asked to.
  expect(processes.map((child) => child?.signalCode)).toEqual([null, null]);
});

it('leaves nothing at a media server of its own when the stack is closed in the middle of a call', async () => {
  const kurento = await startKurentoEngine({ port: 0 });
  const stack = await startStack({ kurento: kurento.url });
  const browser = await launchChromium();
  try {
    await Participant.join(browser, { demo: stack.demo, room: 'interrupted', name: 'Ada' });
    expect((await mediaObjects(kurento.url)).pipelines.size).toBe(1);
    await stack.close();
    expect((await mediaObjects(kurento.url)).pipelines.size).toBe(0);
  } finally {
    await browser.close();
    await stack.close();
    await kurento.close();
  }
});

it('npm start says where it is in one line of JSON, and SIGTERM ends it and all its children', async () => {
  // As a user starts and ends it: npm passes the signal on to its child alone.
  const start = spawn('npm', ['start', '--', '--port', '0', '--json'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(start, 'exit');
  const { demo } = v.parse(Started, JSON.parse(await Promise.race([lineOfJson(start.stdout), ended.then(String)])));
  expect((await fetch(demo)).status).toBe(200);
  const family = await descendants(start.pid ?? 0);
  expect(family.length).toBeGreaterThanOrEqual(2);
  start.kill('SIGTERM');
  await ended;
  // esbuild's service notices by its closed pipe.
  await vi.waitFor(() => expect(family.filter(isAlive)).toEqual([]), { timeout: 5_000 });
});

/** npm says first what it runs. */
async function lineOfJson(output: Readable): Promise<string> {
  for await (const line of createInterface({ input: output })) if (line.startsWith('{')) return line;
  throw new Error('it ended without a word');
}

function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** By Linux's list of processes; the children of children included. */
async function descendants(pid: number): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const parents = new Map(await Promise.all(ids.map(async (id) => [Number(id), await parentOf(id)] as const)));
  const isDescendant = (id: number): boolean => {
    const parent = parents.get(id);
    return parent === pid || (parent !== undefined && parent > 1 && isDescendant(parent));
  };
  return [...parents.keys()].filter(isDescendant);
}

async function parentOf(pid: string): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The command in parentheses may contain anything: what follows its last one is the state, then the parent.
  const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  return parent === undefined ? undefined : Number(parent);
}
