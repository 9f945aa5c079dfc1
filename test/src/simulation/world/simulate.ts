import type { Scenario } from './scenarios/scenario.ts';
import { Defect, Stage } from './stage.ts';
import { World } from './world.ts';

export interface Outcome {
  readonly scenario: string;
  readonly seed: number;
  /** What has been found; undefined: nothing. */
  readonly defect: string | undefined;
  /** Of everything that happened: the same for the same seed. */
  readonly hash: string;
  readonly steps: number;
  /** How many came, each of whom was in the end gone again. */
  readonly people: number;
  /** Milliseconds that were simulated. */
  readonly simulated: number;
  /** What happened last, if there is a defect. */
  readonly trace: readonly string[];
}

export interface SimulateOptions {
  readonly traced?: number | undefined;
  /** Disables a safeguard. */
  readonly sabotage?: ((world: World) => void) | undefined;
}

/** Plays a scenario with a seed. Only one at a time can play in a process. */
export async function simulate(scenario: Scenario, seed: number, options: SimulateOptions = {}): Promise<Outcome> {
  const world = new World(seed);
  options.sabotage?.(world);
  const unhandled = (error: unknown) => void world.violations.push(`unhandled: ${textOf(error)}`);
  process.on('unhandledRejection', unhandled);
  let defect: string | undefined;
  try {
    await scenario.play(new Stage(world));
  } catch (error) {
    defect = error instanceof Defect ? error.message : textOf(error);
  } finally {
    process.off('unhandledRejection', unhandled);
    world.end();
  }
  const { trace, now } = world.scheduler;
  return {
    scenario: scenario.name,
    seed,
    defect,
    hash: trace.hash,
    steps: trace.count,
    people: world.pages.length,
    simulated: now,
    trace: defect === undefined && options.traced === undefined ? [] : trace.last(options.traced ?? 200),
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
