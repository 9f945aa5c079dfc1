import { MAX_FRAME_BYTES } from '@hyperroom/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inFrames, messagesOf } from './frames.ts';

const bytes = (text: string) => new TextEncoder().encode(text).length;

test('one message goes by itself, several as an array', () => {
  expect(inFrames([{ a: 1 }])).toEqual(['{"a":1}']);
  expect(inFrames([{ a: 1 }, { b: 2 }])).toEqual(['[{"a":1},{"b":2}]']);
});

test('what no frame can take is refused', () => {
  expect(() => inFrames([{ text: 'ü'.repeat(MAX_FRAME_BYTES / 2) }])).toThrow(
    expect.objectContaining({ code: 'bad-request' }),
  );
});

test('any messages arrive, in order, in frames that the server takes', () => {
  const message = fc.record({ id: fc.nat(), text: fc.string({ unit: 'grapheme', maxLength: 8 }), times: fc.nat(400) });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 80 }), (specs) => {
      const messages = specs.map(({ id, text, times }) => ({ id, text: text.repeat(times) }));
      const small = messages.filter((each) => bytes(JSON.stringify(each)) < MAX_FRAME_BYTES - 2);
      const frames = inFrames(small);
      for (const frame of frames) expect(bytes(frame)).toBeLessThanOrEqual(MAX_FRAME_BYTES);
      const parsed: unknown[] = frames.map((frame) => JSON.parse(frame));
      for (const frame of parsed) if (Array.isArray(frame)) expect(frame.length).toBeLessThanOrEqual(32);
      expect(parsed.flat()).toEqual(small);
    }),
    { numRuns: 30 },
  );
});

test('what is no message is left out of a frame', () => {
  const message = { id: 1, type: 'read', from: 'hyperty://d/a', to: 'hyperty://d/b' };
  expect(messagesOf(JSON.stringify(message))).toEqual([message]);
  expect(
    messagesOf(
      JSON.stringify([
        { ...message, to: 7 },
        { ...message, body: 'x' },
        { ...message, id: null },
        message,
        'text',
        null,
      ]),
    ),
  ).toEqual([message]);
  expect(messagesOf('{')).toEqual([]);
});
