import { expect, it } from 'vitest';
import { ReceiverEstimatedMaxBitrate, RtcpHeader, RtcpPayloadSpecificFeedback } from 'werift';
import { rembPacket } from './remb.ts';

it.each([1, 30_000, 262_143, 262_144, 500_000, 10_000_000])('says %i bit/s to within its precision', (bitrate) => {
  const bytes = rembPacket(1, 2, bitrate).serialize();
  const packet = RtcpPayloadSpecificFeedback.deSerialize(bytes.subarray(4), RtcpHeader.deSerialize(bytes));
  const { feedback } = packet;
  if (!(feedback instanceof ReceiverEstimatedMaxBitrate)) throw new Error('not a REMB');
  expect(feedback.ssrcFeedbacks).toEqual([2]);
  expect(Number(feedback.bitrate)).toBeLessThanOrEqual(bitrate);
  expect(Number(feedback.bitrate)).toBeGreaterThan(bitrate * 0.9999 - 1);
});
