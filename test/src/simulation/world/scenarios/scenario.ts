import type { Stage } from '../stage.ts';

/** A story with faults in it; the seed decides all that it leaves open. */
export interface Scenario {
  readonly name: string;
  readonly about: string;
  play(stage: Stage): Promise<void>;
}

export function scenario(name: string, about: string, play: (stage: Stage) => Promise<void>): Scenario {
  return { name, about, play };
}
