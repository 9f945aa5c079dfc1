import { describe, expect, it } from 'vitest';
import { featured, lastSpeaker } from './featured.ts';

const CHOICE = { view: 'grid', pinned: undefined, screens: [], people: ['me', 'ben'], speaker: 'ben' } as const;

describe('featured', () => {
  it('is nobody in the grid, and who spoke last in the speaker view', () => {
    expect(featured(CHOICE)).toEqual([]);
    expect(featured({ ...CHOICE, view: 'speaker' })).toEqual(['ben']);
    expect(featured({ ...CHOICE, view: 'speaker', speaker: undefined })).toEqual([]);
  });

  it('is all screens in the grid, and the latest in the speaker view', () => {
    const screens = ['ben screen', 'cleo screen'];
    expect(featured({ ...CHOICE, screens })).toEqual(screens);
    expect(featured({ ...CHOICE, screens, view: 'speaker' })).toEqual(['cleo screen']);
  });

  it('is what is pinned before all else, for as long as it is there', () => {
    expect(featured({ ...CHOICE, pinned: 'me', screens: ['ben screen'] })).toEqual(['me']);
    expect(featured({ ...CHOICE, pinned: 'gone' })).toEqual([]);
  });
});

describe('lastSpeaker', () => {
  const present = ['ben', 'cleo'];

  it('stays with somebody until only others speak', () => {
    expect(lastSpeaker({ before: 'ben', speaking: ['cleo', 'ben'], present })).toBe('ben');
    expect(lastSpeaker({ before: 'ben', speaking: [], present })).toBe('ben');
    expect(lastSpeaker({ before: 'ben', speaking: ['cleo'], present })).toBe('cleo');
  });

  it('is somebody even before anybody has spoken, and after the speaker has left', () => {
    expect(lastSpeaker({ before: undefined, speaking: [], present })).toBe('ben');
    expect(lastSpeaker({ before: 'dana', speaking: [], present })).toBe('ben');
    expect(lastSpeaker({ before: undefined, speaking: [], present: [] })).toBeUndefined();
  });
});
