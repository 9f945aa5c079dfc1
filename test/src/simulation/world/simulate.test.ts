import { describe, expect, it } from 'vitest';
import { NAMED, SCENARIOS } from './scenarios/index.ts';
import { RANDOM } from './scenarios/random.ts';
import { scenario } from './scenarios/scenario.ts';
import { simulate } from './simulate.ts';

const found = ({ scenario, seed, defect, trace }: Awaited<ReturnType<typeof simulate>>) =>
  defect && `${scenario}, seed ${seed}: ${defect}\n${trace.slice(-40).join('\n')}`;

describe('the whole system, simulated', () => {
  it.each(NAMED.map(({ name, about, play }) => [name, about, play] as const))('%s: %s', async (name, about, play) => {
    expect(found(await simulate({ name, about, play }, 1))).toBeUndefined();
  });

  it('goes through whatever a dozen seeds decide', async () => {
    for (let seed = 1; seed <= 12; seed++) expect(found(await simulate(RANDOM, seed))).toBeUndefined();
  }, 60_000);
});

describe('a simulation', () => {
  it('is the same for the same seed, event by event, and another for another', async () => {
    const once = await simulate(RANDOM, 7, { traced: 4_000 });
    const again = await simulate(RANDOM, 7, { traced: 4_000 });
    const other = await simulate(RANDOM, 8);
    expect(again.trace).toEqual(once.trace);
    expect([again.hash, again.steps]).toEqual([once.hash, once.steps]);
    expect(other.hash).not.toBe(once.hash);
  });

  it('gives the platform back', async () => {
    const before = [setTimeout, Date, Math.random, performance, crypto.randomUUID, console.log];
    await simulate(RANDOM, 1);
    expect([setTimeout, Date, Math.random, performance, crypto.randomUUID, console.log]).toEqual(before);
  });

  it('tells what it has found, and what happened before', async () => {
    const lonely = scenario('lonely', 'nobody ever comes', async (stage) => {
      stage.world.page().join('r');
      await stage.agree(20_000);
    });
    const { defect, trace } = await simulate(lonely, 1);
    expect(defect).toBe('after 20 s: u1 is not in');
    expect(trace.some((line) => line.includes('u1: waits for media'))).toBe(true);
  });

  it('has more than thirty stories, each with a name of its own', () => {
    const names = SCENARIOS.map(({ name }) => name);
    expect(NAMED.length).toBeGreaterThanOrEqual(30);
    expect(new Set(names).size).toBe(names.length);
  });
});
