import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startChild } from './child.ts';
import { pauseAfter, Supervised } from './supervised.ts';

/** Says what it was started with, and lives until its parent lets go of it. */
const PROGRAM = `
process.stdout.write(JSON.stringify({ place: process.argv[2] }) + '\\n');
if (process.argv[2] === 'broken') process.exit(1);
process.on('SIGTERM', () => process.exit(0));
process.stdin.on('end', () => process.exit(0)).resume();
`;
const SOON = { timeout: 10_000 };

describe('a supervised program', () => {
  let folder: string;
  let program: Supervised | undefined;
  const said: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'supervised-'));
    await writeFile(join(folder, 'program.mjs'), PROGRAM);
  });
  afterAll(() => rm(folder, { recursive: true }));
  afterEach(() => program?.close());

  async function start(): Promise<Supervised> {
    const launch = (first?: unknown) => {
      const place = first ? `again, after ${JSON.stringify(first)}` : 'somewhere';
      return startChild('program', [join(folder, 'program.mjs'), place], {}, () => {});
    };
    program = await Supervised.start({ name: 'program', launch, log: (line) => said.push(line) });
    return program;
  }

  it('is started again when it dies, told what its first process said, and that is logged', async () => {
    const supervised = await start();
    const { pid } = supervised.process;
    await supervised.kill();
    await vi.waitFor(() => expect(supervised.restarts).toBe(1), SOON);
    expect(supervised.process.pid).not.toBe(pid);
    expect(supervised.process.spawnargs.at(-1)).toBe('again, after {"place":"somewhere"}');
    expect(said).toEqual(['program: ended (SIGKILL), starts again in 0 ms']);
  });

  it('stays ended while it is held, until it is told to start', async () => {
    const supervised = await start();
    await supervised.hold();
    expect(supervised.process.signalCode).toBe('SIGKILL');
    await supervised.start();
    expect(supervised.restarts).toBe(1);
    expect(supervised.process.signalCode).toBeNull();
  });

  it('is not started again once it is closed, not even if it was about to be', async () => {
    const supervised = await start();
    await supervised.kill();
    await supervised.close();
    const { pid } = supervised.process;
    const { exitCode, signalCode } = supervised.process;
    expect([exitCode, signalCode]).not.toEqual([null, null]);
    expect(supervised.process.pid).toBe(pid);
  });
});

it('waits longer from death to death, and at the most five seconds', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 60].map(pauseAfter)).toEqual([0, 250, 500, 1000, 2000, 4000, 5000, 5000]);
});
