import { expect, it } from 'vitest';
import { actionOf } from './shortcuts.ts';

const PRESS = { key: 'm', ctrlKey: false, metaKey: false, altKey: false, repeat: false };

it('knows letters, large and small, and the question mark', () => {
  expect(actionOf(PRESS)).toBe('microphone');
  expect(actionOf({ ...PRESS, key: 'V' })).toBe('camera');
  expect(actionOf({ ...PRESS, key: '?' })).toBe('help');
  expect(actionOf({ ...PRESS, key: 'toString' })).toBeUndefined();
});

it('leaves to the browser what is its own, and does nothing twice', () => {
  for (const modifier of ['ctrlKey', 'metaKey', 'altKey', 'repeat']) {
    expect(actionOf({ ...PRESS, [modifier]: true })).toBeUndefined();
  }
});
