import { MUTATIONS } from './mutations.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { simulate } from './simulate.ts';

/** What the parent asks for. */
export interface Job {
  readonly scenario: string;
  readonly seed: number;
  readonly mutation?: string | undefined;
  readonly traced?: number | undefined;
}

/* A process of its own, for a simulation takes over what is global. */
process.on('message', async ({ scenario, seed, mutation, traced }: Job) => {
  const found = SCENARIOS.find(({ name }) => name === scenario);
  if (!found) throw new Error(`there is no scenario ${scenario}`);
  const sabotage = MUTATIONS.find(({ name }) => name === mutation)?.sabotage;
  process.send?.(await simulate(found, seed, { traced, sabotage }));
});
process.on('disconnect', () => process.exit());
