import { type Connection, MAX_CONNECTIONS } from '@hyperroom/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inFrames } from './connection-controller.ts';
import { sdp } from './testing/fake-media.ts';

const connection = (index: number, padding: string): Connection => ({
  url: `connection://d/${index}`,
  reporter: 'hyperty://d/me',
  version: 0,
  created: 't',
  lastModified: 't',
  data: {
    status: 'new',
    owner: 'hyperty://d/me',
    peer: null,
    direction: 'receive',
    connectionDescription: { type: 'offer', sdp: sdp('offer') + padding },
    iceCandidates: [],
  },
});

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).length;

test('frames keep every connection in its order, and none is larger than API Gateway takes', () => {
  const offers = fc.array(fc.string({ unit: fc.constantFrom('a', '\r\n', 'é'), maxLength: 6_000 }), { maxLength: 40 });
  fc.assert(
    fc.property(offers, (paddings) => {
      const connections = paddings.map((padding, index) => connection(index, padding));
      const frames = inFrames(connections);
      expect(frames.flat()).toEqual(connections);
      for (const frame of frames) {
        expect(frame.length).toBeLessThanOrEqual(MAX_CONNECTIONS);
        expect(bytes(frame)).toBeLessThan(28_000);
      }
    }),
    { numRuns: 50 },
  );
});

test('what fits one frame is not split', () => {
  expect(inFrames(Array.from({ length: 8 }, (_, index) => connection(index, 'x'.repeat(2_500))))).toHaveLength(1);
});
