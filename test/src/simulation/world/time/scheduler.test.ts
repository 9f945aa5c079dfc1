import { describe, expect, it } from 'vitest';
import { Process } from './process.ts';
import { Random } from './random.ts';
import { Scheduler } from './scheduler.ts';

async function drain(scheduler: Scheduler): Promise<void> {
  while (await scheduler.step());
}

describe('the scheduler', () => {
  it('lets things happen by their time, and in order where that is the same', async () => {
    const scheduler = new Scheduler(1);
    const happened: string[] = [];
    for (const [what, ms] of [
      ['third', 30],
      ['first', 10],
      ['fourth', 30],
      ['second', 20],
    ] as const) {
      scheduler.after(ms, what, () => happened.push(`${what} at ${scheduler.now}`));
    }
    await drain(scheduler);
    expect(happened).toEqual(['first at 10', 'second at 20', 'third at 30', 'fourth at 30']);
  });

  it('lets all that follows from one event come before the next', async () => {
    const scheduler = new Scheduler(1);
    const happened: string[] = [];
    scheduler.after(1, 'one', async () => {
      for (let n = 0; n < 20; n++) await Promise.resolve();
      happened.push('what follows from one');
    });
    scheduler.after(1, 'two', () => happened.push('two'));
    await drain(scheduler);
    expect(happened).toEqual(['what follows from one', 'two']);
  });

  it('forgets what a process had begun when that is killed', async () => {
    const scheduler = new Scheduler(1);
    const process = new Process('victim');
    const happened: string[] = [];
    scheduler.after(10, 'late', () => happened.push('late'), process);
    scheduler.after(5, 'kill', () => process.kill(), scheduler.world);
    const cancelled = scheduler.after(20, 'never', () => happened.push('never'), scheduler.world);
    scheduler.after(7, 'cancel', () => cancelled.cancel(), scheduler.world);
    await drain(scheduler);
    expect(happened).toEqual([]);
  });

  it('knows whose code runs, and hands it on to what that begins', async () => {
    const scheduler = new Scheduler(1);
    const process = new Process('page');
    const owners: string[] = [];
    scheduler.after(1, 'begin', () => scheduler.after(1, 'go on', () => owners.push(scheduler.current.name)), process);
    await drain(scheduler);
    expect(owners).toEqual(['page']);
  });
});

describe('chance', () => {
  it('is what its seed makes it', () => {
    const take = (seed: number) =>
      Array.from(
        { length: 5 },
        (
          (random) => () =>
            random.below(1_000)
        )(new Random(seed)),
      );
    expect(take(3)).toEqual(take(3));
    expect(take(3)).not.toEqual(take(4));
  });
});
