import { expect, it } from 'vitest';
import type { PageReport, PageStream } from './page-report.ts';
import { isFlowing, isFluent, since, streamsOf } from './streams.ts';

function page(startedAt: number, streams: Partial<PageStream>[] = []): PageReport {
  const join = {
    startedAt,
    answeredAt: startedAt + 50,
    messagesUp: 1,
    messagesDown: 1,
    bytesUp: 9,
    bytesDown: 9,
    laterOffers: 0,
  };
  return { joins: [join], streams: streams.map((stream) => ({ ...nothing, ...stream })) };
}

const nothing: PageStream = {
  from: '',
  framesDecoded: 0,
  audioPackets: 0,
  audioSamplesPlayed: 0,
  bytes: 0,
  roundTripMs: null,
  firstFrameAt: null,
};

it('has a stream for each pair, from both sides, whether or not it is there yet', () => {
  const reports = new Map([
    ['Ada', page(1000, [{ from: 'Ben', framesDecoded: 5 }])],
    ['Ben', page(2000)],
  ]);
  expect(streamsOf(reports).map(({ from, to, framesDecoded }) => [from, to, framesDecoded])).toEqual([
    ['Ben', 'Ada', 5],
    ['Ada', 'Ben', 0],
  ]);
});

it('counts the first frame from when the later of the two began to join', () => {
  const reports = new Map([
    ['Ada', page(1000, [{ from: 'Ben', firstFrameAt: 2200.4 }])],
    ['Ben', page(2000, [{ from: 'Ada', firstFrameAt: 2300 }])],
  ]);
  expect(streamsOf(reports).map(({ firstFrameMs }) => firstFrameMs)).toEqual([200, 300]);
});

it('counts a second stay from its own beginning', () => {
  const stayedTwice = page(1000, []);
  const again = page(5000, [{ from: 'Ada', firstFrameAt: 5100 }]);
  const ben = { joins: [...stayedTwice.joins, ...again.joins], streams: again.streams };
  expect(
    streamsOf(
      new Map([
        ['Ada', page(0)],
        ['Ben', ben],
      ]),
    )[1]?.firstFrameMs,
  ).toBe(100);
});

const flowing = {
  ...nothing,
  from: 'Ada',
  to: 'Ben',
  firstFrameMs: 1,
  framesDecoded: 1,
  audioPackets: 1,
  audioSamplesPlayed: 1,
};

it.each([
  ['pictures', { framesDecoded: 0 }],
  ['sound that arrives', { audioPackets: 0 }],
  ['sound that is played', { audioSamplesPlayed: 0 }],
  ['a first frame', { firstFrameMs: null }],
])('does not flow without %s', (_, lacking) => {
  expect(isFlowing(flowing)).toBe(true);
  expect(isFlowing({ ...flowing, ...lacking })).toBe(false);
});

it('wants more than 60 frames in ten seconds, and sound all the while', () => {
  const stream = { ...flowing, framesDecoded: 61, audioPackets: 500 };
  expect(isFluent(stream, 10)).toBe(true);
  expect(isFluent({ ...stream, framesDecoded: 60 }, 10)).toBe(false);
  expect(isFluent({ ...stream, audioPackets: 100 }, 10)).toBe(false);
  expect(isFluent(stream, 20)).toBe(false);
});

it('takes what came before away, stream by stream', () => {
  const before = [{ ...flowing, framesDecoded: 10, audioPackets: 20, bytes: 30 }];
  const now = [
    { ...flowing, framesDecoded: 110, audioPackets: 70, bytes: 90 },
    { ...flowing, to: 'Cleo' },
  ];
  expect(since(before, now)).toMatchObject([
    { to: 'Ben', framesDecoded: 100, audioPackets: 50, bytes: 60 },
    { to: 'Cleo', framesDecoded: 1 },
  ]);
});
