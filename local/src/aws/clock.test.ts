import { expect, test } from 'vitest';
import { ManualClock } from './clock.ts';

test('alarms ring in time order, those set meanwhile included', () => {
  const clock = new ManualClock(1000);
  const rung: [string, number][] = [];
  const ring = (name: string) => () => rung.push([name, clock.now()]);
  clock.after(30, ring('late'));
  clock.after(10, () => {
    ring('early')();
    clock.after(5, ring('chained'));
  });
  const cancel = clock.after(20, ring('cancelled'));
  cancel();
  clock.advance(29);
  expect(rung).toEqual([
    ['early', 1010],
    ['chained', 1015],
  ]);
  clock.advance(1);
  expect(rung.at(-1)).toEqual(['late', 1030]);
  expect(clock.now()).toBe(1030);
});
