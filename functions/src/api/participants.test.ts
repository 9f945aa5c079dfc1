import type { Room } from '@hyperroom/protocol';
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from './openapi/examples.ts';
import { moderationsOf, participantIn } from './participants.ts';

describe('what changes of a participant', () => {
  const participant = 'ada';

  it('is nothing if nothing is given', () => expect(moderationsOf(participant, {})).toEqual([]));

  it('is all that is given, what may be refused first', () => {
    const metadata = { team: null };
    expect(moderationsOf(participant, { role: 'moderator', blocked: ['camera'], metadata })).toEqual([
      { action: 'describe', participant, metadata },
      { action: 'block', participant, sources: ['camera'] },
      { action: 'unblock', participant, sources: ['microphone', 'screen'] },
      { action: 'appoint', participant, role: 'moderator' },
    ]);
  });

  it('is that nothing is blocked any more, or everything', () => {
    expect(moderationsOf(participant, { blocked: [] })).toEqual([
      { action: 'unblock', participant, sources: ['microphone', 'camera', 'screen'] },
    ]);
    const sources = ['screen', 'camera', 'microphone'] as const;
    expect(moderationsOf(participant, { blocked: [...sources] })).toEqual([{ action: 'block', participant, sources }]);
  });
});

describe('a participant', () => {
  it('is one who is there', () => {
    const room = EXAMPLES.Room as Room;
    expect(participantIn(room, 'b0f5c1de-ada').identity.name).toBe('Ada');
    for (const id of ['77c1a9f0-grace', 'constructor', '']) expect(() => participantIn(room, id)).toThrow('no such');
  });
});
