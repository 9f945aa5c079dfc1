import { MUTATIONS } from './mutations.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { type Outcome, simulate } from './simulate.ts';

/** What the parent asks for. */
export interface Job {
  readonly scenario: string;
  readonly seed: number;
  readonly mutation?: string | undefined;
  readonly traced?: number | undefined;
}

/* A process of its own, for a simulation takes over what is global. */
process.on('message', async (job: Job) => process.send?.(await play(job)));
process.on('disconnect', () => process.exit());

async function play({ scenario, seed, mutation, traced }: Job): Promise<Outcome> {
  const found = SCENARIOS.find(({ name }) => name === scenario);
  if (!found) throw new Error(`there is no scenario ${scenario}`);
  const sabotage = MUTATIONS.find(({ name }) => name === mutation)?.sabotage;
  const outcome = await simulate(found, seed, { traced, sabotage });
  if (!sabotage || outcome.defect === undefined) return outcome;
  // What is found with the safeguard, too, does not show the lack of it.
  const { defect } = await simulate(found, seed);
  return defect === undefined ? outcome : { ...outcome, defect: undefined };
}
