import { NAMED, SCENARIOS } from './index.ts';

/** What a seed plays where no scenario is asked for: every other one whatever it decides, the rest all named ones in turn. */
export function scenarioOf(seed: number): string {
  if (seed % 2 === 0) return 'random';
  return NAMED[Math.floor(seed / 2) % NAMED.length]?.name ?? 'random';
}

export function isScenario(name: string): boolean {
  return SCENARIOS.some((scenario) => scenario.name === name);
}
