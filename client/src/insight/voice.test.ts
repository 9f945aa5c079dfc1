import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ATTACK,
  hear,
  OVERTAKES,
  RELEASE,
  rank,
  SPEECH_BEGINS_ABOVE,
  SPEECH_ENDS_BELOW,
  silent,
  type Voice,
} from './voice.ts';

interface Reading {
  level: number;
  after: number;
}

/** The voice after each of the readings. */
function voicesOf(readings: readonly Reading[], first = silent(0)): Voice[] {
  const voices = [first];
  for (const { level, after } of readings) {
    const voice = voices.at(-1) ?? first;
    voices.push(hear(voice, level, voice.heard + after));
  }
  return voices;
}

const level = fc.double({ min: 0, max: 1, noNaN: true });
const after = fc.integer({ min: 1, max: 1_500 });
const readingsOf = (levels: fc.Arbitrary<number>) => fc.array(fc.record({ level: levels, after }), { maxLength: 60 });
const aroundTheLimits = fc.oneof(level, fc.constantFrom(0, SPEECH_ENDS_BELOW, SPEECH_BEGINS_ABOVE, 0.015, 0.021));

describe('a voice', () => {
  it('turns only after all readings of an attack, or a release, said so', () => {
    fc.assert(
      fc.property(readingsOf(aroundTheLimits), (readings) => {
        const voices = voicesOf(readings);
        for (const [index, voice] of voices.entries()) {
          const before = voices[index - 1];
          if (!before || before.speaking === voice.speaking) continue;
          const since = voice.heard - (voice.speaking ? ATTACK : RELEASE);
          const quiet = voices.slice(1).filter(({ heard }) => heard > since && heard <= voice.heard);
          for (const each of quiet) {
            if (voice.speaking) expect(each.level).toBeGreaterThan(SPEECH_BEGINS_ABOVE);
            else expect(each.level).toBeLessThan(SPEECH_ENDS_BELOW);
          }
        }
      }),
    );
  });

  it('never turns twice within a release', () => {
    fc.assert(
      fc.property(readingsOf(aroundTheLimits), (readings) => {
        const voices = voicesOf(readings);
        const turns = voices.filter(({ speaking }, index) => index > 0 && voices[index - 1]?.speaking !== speaking);
        const ends = turns.filter(({ speaking }) => !speaking);
        for (const end of ends) {
          const begin = turns[turns.indexOf(end) - 1];
          expect(end.heard - (begin?.heard ?? Number.NaN)).toBeGreaterThanOrEqual(RELEASE);
        }
      }),
    );
  });

  it('speaks once it has been loud for the attack, and is silent once quiet for the release', () => {
    const loud = fc.double({ min: SPEECH_BEGINS_ABOVE, minExcluded: true, max: 1, noNaN: true });
    const quiet = fc.double({ min: 0, max: SPEECH_ENDS_BELOW, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(loud, quiet, (loud, quiet) => {
        const spoken = voicesOf([
          { level: loud, after: 1 },
          { level: loud, after: ATTACK },
        ]).at(-1);
        expect(spoken?.speaking).toBe(true);
        const ended = voicesOf(
          [
            { level: quiet, after: 1 },
            { level: quiet, after: RELEASE },
          ],
          spoken,
        );
        expect(ended.map(({ speaking }) => speaking)).toEqual([true, true, false]);
      }),
    );
  });

  it('between the limits stays what it was', () => {
    const between = fc.double({ min: SPEECH_ENDS_BELOW, max: SPEECH_BEGINS_ABOVE, noNaN: true });
    fc.assert(
      fc.property(readingsOf(between), fc.boolean(), (readings, speaking) => {
        const voices = voicesOf(readings, { ...silent(0), speaking });
        expect(voices.every((voice) => voice.speaking === speaking)).toBe(true);
      }),
    );
  });

  it('is never louder than the loudest reading', () => {
    fc.assert(
      fc.property(readingsOf(level), (readings) => {
        const loudest = Math.max(0, ...readings.map(({ level }) => level));
        for (const { loudness } of voicesOf(readings)) expect(loudness).toBeLessThanOrEqual(loudest);
      }),
    );
  });
});

describe('the ranking', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const voices = fc
    .array(fc.tuple(id, level, fc.boolean()))
    .map(
      (list) => new Map(list.map(([id, loudness, speaking]) => [id, { ...silent(0), loudness, speaking }] as const)),
    );
  const before = fc.uniqueArray(id);
  const loudnessIn = (all: ReadonlyMap<string, Voice>, id: string | undefined) => all.get(id ?? '')?.loudness ?? 0;

  it('has all who speak and nobody else, each once', () => {
    fc.assert(
      fc.property(voices, before, (all, before) => {
        const speaking = [...all].filter(([, voice]) => voice.speaking).map(([id]) => id);
        expect(rank(all, before).sort()).toEqual(speaking.sort());
      }),
    );
  });

  it('has nobody right behind somebody much quieter', () => {
    fc.assert(
      fc.property(voices, before, (all, before) => {
        const order = rank(all, before);
        for (const [index, id] of order.slice(1).entries()) {
          expect(loudnessIn(all, id) / OVERTAKES).toBeLessThanOrEqual(loudnessIn(all, order[index]));
        }
      }),
    );
  });

  it('stays while nobody grows louder', () => {
    fc.assert(
      fc.property(voices, before, (all, before) => {
        const order = rank(all, before);
        expect(rank(all, order)).toEqual(order);
      }),
    );
  });

  it('is by loudness where the differences are clear, and by who was first where they are not', () => {
    const speaking = (loudness: number) => ({ ...silent(0), loudness, speaking: true });
    const clear = new Map([
      ['low', speaking(0.1)],
      ['high', speaking(0.2)],
    ]);
    expect(rank(clear, ['low'])).toEqual(['high', 'low']);
    const close = new Map([
      ['later', speaking(0.14)],
      ['first', speaking(0.1)],
    ]);
    expect(rank(close, ['first'])).toEqual(['first', 'later']);
  });
});
