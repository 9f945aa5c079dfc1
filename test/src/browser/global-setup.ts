import { appendFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '@hyperroom/local';
import type { TestProject } from 'vitest/node';
import { addressesOf, type RunningStack } from '../call/running-stack.ts';
import { SHUFFLED } from './shuffled.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    stage: Stage;
  }
}

/** The stack that the suite shares, and the file of what it says. */
export interface Stage {
  readonly stack: RunningStack;
  readonly log: string;
}

/** One stack for all files that break nothing of it: a start for each of them would take longer than what some test. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'hyperroom-browser-'));
  const log = join(folder, 'stack.log');
  const say = (line: string) => appendFileSync(log, `${new Date().toISOString()} ${line}\n`);
  say('the suite begins');
  const stack = await startStack({ delivery: SHUFFLED, log: say });
  project.provide('stage', { stack: addressesOf(stack), log });
  return async () => {
    await stack.close();
    await rm(folder, { recursive: true });
  };
}
