import { expect, it } from 'vitest';
import { listed } from './words.ts';

it('lists names as one says them', () => {
  expect(listed(['Ben'])).toBe('Ben');
  expect(listed(['Ben', 'Cleo'])).toBe('Ben and Cleo');
  expect(listed(['Ben', 'Cleo', 'Dana'])).toBe('Ben, Cleo and Dana');
  expect(listed(['Ben', 'Cleo', 'Dana', 'Emil'])).toBe('Ben, Cleo and 2 others');
});
