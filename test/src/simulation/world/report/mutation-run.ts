import { MUTATIONS, type Mutation } from '../mutations.ts';
import type { Outcome } from '../simulate.ts';
import type { Job } from '../worker.ts';
import { playAll } from '../workers.ts';
import { progress } from './seed-run.ts';

export interface MutationRunOptions {
  readonly jobs: number;
  /** How many may pass until the lack of a safeguard is noticed. */
  readonly seeds: number;
  /** That one alone. */
  readonly only: string | undefined;
}

/** Takes each safeguard away, and prints after how many seeds that is noticed; 1 if one is not missed. */
export async function mutationTable({ jobs, seeds, only }: MutationRunOptions): Promise<number> {
  let missed = 0;
  console.log(`${'without'.padEnd(30)}${'found by'.padEnd(30)}${'seed'.padStart(5)}  ${'played'.padStart(6)}  what`);
  for (const mutation of MUTATIONS.filter(({ name }) => only === undefined || name === only)) {
    const { found, played } = await hunt(mutation, jobs, seeds);
    if (!found) missed += 1;
    const who = found ? `${found.scenario.padEnd(30)}${String(found.seed).padStart(5)}` : 'NOTHING'.padEnd(35);
    const what = found?.defect?.split('\n')[0] ?? `the lack of it does not show: ${mutation.about}`;
    console.log(`${mutation.name.padEnd(30)}${who}  ${String(played).padStart(6)}  ${what}`);
  }
  return missed > 0 ? 1 : 0;
}

async function hunt(mutation: Mutation, jobs: number, seeds: number) {
  let played = 0;
  let found: Outcome | undefined;
  await playAll(jobsOf(mutation, seeds), jobs, (outcome) => {
    played += 1;
    progress(`without ${mutation.name}: ${played}`);
    if (outcome.defect === undefined) return 'more';
    found ??= outcome;
    return 'enough';
  });
  progress('');
  return { found, played };
}

function* jobsOf({ name, scenarios }: Mutation, seeds: number): Generator<Job> {
  const turns = [...scenarios, 'random'];
  for (let n = 0; n < seeds; n++) {
    yield { mutation: name, scenario: turns[n % turns.length] ?? 'random', seed: 1 + Math.floor(n / turns.length) };
  }
}
