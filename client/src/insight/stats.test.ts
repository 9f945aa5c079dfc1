import { expect, test, vi } from 'vitest';
import { reportOf } from './stats.testing.ts';
import { roomStats } from './stats.ts';

const pair = (currentRoundTripTime: number) => [
  { type: 'candidate-pair', id: 'unused', nominated: true, state: 'succeeded', currentRoundTripTime: 9 },
  { type: 'candidate-pair', id: 'used', nominated: true, state: 'succeeded', currentRoundTripTime },
  { type: 'transport', iceState: 'connected', selectedCandidatePairId: 'used' },
];

test('sums up what is sent and received', () => {
  vi.setSystemTime(5_000);
  const sent = reportOf(
    { type: 'outbound-rtp', kind: 'audio', ssrc: 1, bytesSent: 1_000, packetsSent: 10, targetBitrate: 32_000 },
    {
      type: 'outbound-rtp',
      kind: 'video',
      ssrc: 2,
      codecId: 'C1',
      bytesSent: 20_000,
      packetsSent: 20,
      framesEncoded: 5,
      frameWidth: 640,
      frameHeight: 360,
      framesPerSecond: 30,
    },
    { type: 'codec', id: 'C0', mimeType: 'audio/opus' },
    { type: 'codec', id: 'C1', mimeType: 'video/VP8' },
    { type: 'remote-inbound-rtp', kind: 'video', ssrc: 2, packetsLost: 3, jitter: 0.004, roundTripTime: 0.08 },
    ...pair(0.05),
  );
  const received = reportOf(
    {
      type: 'inbound-rtp',
      kind: 'audio',
      ssrc: 3,
      bytesReceived: 500,
      packetsReceived: 5,
      packetsLost: 1,
      jitter: 0.002,
    },
    ...pair(0.025),
  );
  const picture = { width: undefined, height: undefined, fps: undefined };
  const stats = roomStats({
    sent: new Map([['main', sent]]),
    received: [{ participant: 'ada', publication: 'screen', report: received }],
  });
  expect(stats).toEqual({
    time: 5_000,
    sent: [
      {
        ...picture,
        publication: 'main',
        kind: 'audio',
        bytes: 1_000,
        packets: 10,
        packetsLost: undefined,
        jitter: undefined,
        bitrate: 32_000,
        roundTrip: undefined,
        framesEncoded: undefined,
      },
      {
        publication: 'main',
        kind: 'video',
        codec: 'VP8',
        bytes: 20_000,
        packets: 20,
        packetsLost: 3,
        jitter: 4,
        width: 640,
        height: 360,
        fps: 30,
        bitrate: undefined,
        roundTrip: 80,
        framesEncoded: 5,
      },
    ],
    received: [
      {
        ...picture,
        participant: 'ada',
        publication: 'screen',
        kind: 'audio',
        bytes: 500,
        packets: 5,
        packetsLost: 1,
        jitter: 2,
        framesDecoded: undefined,
      },
    ],
    totals: {
      bytesSent: 21_000,
      bytesReceived: 500,
      packetsSent: 30,
      packetsReceived: 5,
      packetsLost: 1,
      roundTrip: 50,
    },
  });
  vi.useRealTimers();
});

test('of a room with nobody in it are zeros', () => {
  const { sent, received, totals } = roomStats({ sent: new Map(), received: [] });
  expect([sent, received]).toEqual([[], []]);
  expect(totals).toEqual({
    bytesSent: 0,
    bytesReceived: 0,
    packetsSent: 0,
    packetsReceived: 0,
    packetsLost: 0,
    roundTrip: undefined,
  });
});
