import { performance } from 'node:perf_hooks';
import { scenarioOf } from '../scenarios/schedule.ts';
import type { Outcome } from '../simulate.ts';
import type { Job } from '../worker.ts';
import { playAll } from '../workers.ts';

export interface SeedRunOptions {
  readonly first: number;
  readonly count: number;
  readonly scenario: string | undefined;
  readonly traced: number;
  readonly alwaysTraced: boolean;
  readonly keepsGoing: boolean;
  readonly jobs: number;
}

interface Tally {
  seeds: number;
  people: number;
  steps: number;
  hours: number;
  found: number;
}

const MILLISECONDS_AN_HOUR = 3_600_000;

/** Plays seeds, and prints what came of it; 1 if something has been found. */
export async function seedRun(options: SeedRunOptions): Promise<number> {
  const began = performance.now();
  const tallies = new Map<string, Tally>();
  const found: Outcome[] = [];
  await playAll(jobsOf(options), options.jobs, (outcome) => {
    count(tallies, outcome);
    if (outcome.defect !== undefined) found.push(outcome);
    const played = [...tallies.values()].reduce((sum, { seeds }) => sum + seeds, 0);
    progress(`${played} of ${options.count} seeds, ${found.length} found`);
    if (options.alwaysTraced) tell(outcome, options.traced);
    return found.length > 0 && !options.keepsGoing ? 'enough' : 'more';
  });
  progress('');
  if (!options.alwaysTraced) for (const outcome of found) tell(outcome, outcome === found[0] ? options.traced : 0);
  printTable(tallies, performance.now() - began);
  return found.length > 0 ? 1 : 0;
}

function* jobsOf({ first, count, scenario, traced, alwaysTraced }: SeedRunOptions): Generator<Job> {
  for (let seed = first; seed < first + count; seed++) {
    yield { seed, scenario: scenario ?? scenarioOf(seed), traced: alwaysTraced ? traced : undefined };
  }
}

function count(tallies: Map<string, Tally>, { scenario, people, steps, simulated, defect }: Outcome): void {
  const tally = tallies.get(scenario) ?? { seeds: 0, people: 0, steps: 0, hours: 0, found: 0 };
  tally.seeds += 1;
  tally.people += people;
  tally.steps += steps;
  tally.hours += simulated / MILLISECONDS_AN_HOUR;
  if (defect !== undefined) tally.found += 1;
  tallies.set(scenario, tally);
}

function tell({ scenario, seed, defect, hash, trace }: Outcome, lines: number): void {
  if (lines > 0) console.log(trace.slice(-lines).join('\n'));
  console.log(`${scenario}, seed ${seed} (events ${hash}): ${defect ?? 'nothing found'}`);
  if (defect !== undefined) console.log(`  npm run simulate -- --scenario ${scenario} --seed ${seed}\n`);
}

function printTable(tallies: ReadonlyMap<string, Tally>, took: number): void {
  const rows = [...tallies].sort(([a], [b]) => (a < b ? -1 : 1));
  console.log(
    `${'scenario'.padEnd(30)}${'seeds'.padStart(7)}${'people'.padStart(9)}${'steps'.padStart(11)}${'hours'.padStart(9)}${'found'.padStart(7)}`,
  );
  for (const [name, tally] of rows) console.log(row(name, tally));
  const all = rows.reduce(
    (sum, [, { seeds, people, steps, hours, found }]) => ({
      seeds: sum.seeds + seeds,
      people: sum.people + people,
      steps: sum.steps + steps,
      hours: sum.hours + hours,
      found: sum.found + found,
    }),
    { seeds: 0, people: 0, steps: 0, hours: 0, found: 0 },
  );
  console.log(row('all', all));
  console.log(`${(took / 1000).toFixed(1)} s, ${Math.round(took / Math.max(1, all.seeds))} ms a seed`);
}

function row(name: string, { seeds, people, steps, hours, found }: Tally): string {
  const cells = [
    String(seeds).padStart(7),
    String(people).padStart(9),
    String(steps).padStart(11),
    hours.toFixed(1).padStart(9),
  ];
  return `${name.padEnd(30)}${cells.join('')}${String(found || '').padStart(7)}`;
}

/** One line that is written over and over, where somebody watches. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
