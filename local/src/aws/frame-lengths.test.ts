import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameLengths } from './frame-lengths.ts';

function frame(opcode: number, length: number, masked: boolean): Buffer {
  const lengthByte = length < 126 ? length : length < 65_536 ? 126 : 127;
  const extended = Buffer.alloc(lengthByte === 126 ? 2 : lengthByte === 127 ? 8 : 0);
  if (lengthByte === 126) extended.writeUInt16BE(length);
  if (lengthByte === 127) extended.writeBigUInt64BE(BigInt(length));
  const header = Buffer.from([0x80 | opcode, (masked ? 0x80 : 0) | lengthByte]);
  // Payload and mask look like headers, so that a parser which loses its place is found out.
  return Buffer.concat([header, extended, Buffer.alloc(masked ? 4 : 0, 0x81), Buffer.alloc(length, 0x81)]);
}

const frames = fc.array(
  fc.record({
    opcode: fc.constantFrom(0x0, 0x1, 0x2, 0x8, 0x9, 0xa),
    length: fc.oneof(fc.integer({ min: 0, max: 130 }), fc.integer({ min: 65_530, max: 65_540 })),
    masked: fc.boolean(),
  }),
  { maxLength: 6 },
);

test('every data frame is told, however the bytes are cut', () => {
  fc.assert(
    fc.property(frames, fc.infiniteStream(fc.integer({ min: 1, max: 40_000 })), (sent, cuts) => {
      const told: number[] = [];
      const lengths = new FrameLengths((length) => told.push(length));
      const bytes = Buffer.concat(sent.map(({ opcode, length, masked }) => frame(opcode, length, masked)));
      for (let start = 0; start < bytes.length; ) {
        const end = start + cuts.next().value;
        lengths.push(bytes.subarray(start, end));
        start = end;
      }
      expect(told).toEqual(sent.filter(({ opcode }) => opcode <= 0x2).map(({ length }) => length));
    }),
    { numRuns: 50 },
  );
});

test('byte by byte', () => {
  const told: number[] = [];
  const lengths = new FrameLengths((length) => told.push(length));
  const bytes = Buffer.concat([frame(1, 200, true), frame(9, 5, true), frame(0, 3, true)]);
  for (const byte of bytes) lengths.push(Buffer.from([byte]));
  expect(told).toEqual([200, 3]);
});
