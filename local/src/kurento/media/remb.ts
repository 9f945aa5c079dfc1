import { ReceiverEstimatedMaxBitrate, RtcpPayloadSpecificFeedback } from 'werift';

const MANTISSA_BITS = 18;

/** The RTCP message that caps what a browser sends (draft-alvestrand-rmcat-remb). */
export function rembPacket(senderSsrc: number, mediaSsrc: number, bitrate: number): RtcpPayloadSpecificFeedback {
  const brExp = Math.max(0, Math.ceil(Math.log2(bitrate + 1)) - MANTISSA_BITS);
  const feedback = new ReceiverEstimatedMaxBitrate({
    senderSsrc,
    mediaSsrc: 0,
    ssrcNum: 1,
    brExp,
    brMantissa: Math.floor(bitrate / 2 ** brExp),
    ssrcFeedbacks: [mediaSsrc],
  });
  return new RtcpPayloadSpecificFeedback({ feedback });
}
