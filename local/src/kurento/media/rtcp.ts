import {
  type RTCRtpReceiver,
  type RTCRtpSender,
  type RtcpPacket,
  RtcpPayloadSpecificFeedback,
  RtcpRrPacket,
  RtcpSrPacket,
  RtcpTransportLayerFeedback,
} from 'werift';

export interface RtcpTarget {
  readonly sender: RTCRtpSender;
  readonly receiver: RTCRtpReceiver;
}

/** Hands an RTCP packet of the peer to the senders and receivers that it speaks of. */
export function dispatchRtcp(packet: RtcpPacket, targets: Iterable<RtcpTarget>, keyFrameWanted: () => void): void {
  for (const { sender, receiver } of targets) {
    if (packet instanceof RtcpSrPacket && receiver.trackBySSRC[packet.ssrc]) receiver.handleRtcpPacket(packet);
    if (concerns(packet, sender.ssrc)) sender.handleRtcpPacket(packet);
    if (asksForKeyFrame(packet, sender.ssrc)) keyFrameWanted();
  }
}

/** Whether the packet reports on media: a receiver that hears nothing sends reports without content. */
export function isMediaReport(packet: RtcpPacket): boolean {
  return packet instanceof RtcpSrPacket || (packet instanceof RtcpRrPacket && packet.reports.length > 0);
}

function concerns(packet: RtcpPacket, ssrc: number): boolean {
  if (packet instanceof RtcpSrPacket || packet instanceof RtcpRrPacket) {
    return packet.reports.some((report) => report.ssrc === ssrc);
  }
  if (packet instanceof RtcpTransportLayerFeedback) {
    return 'mediaSourceSsrc' in packet.feedback && packet.feedback.mediaSourceSsrc === ssrc;
  }
  if (!(packet instanceof RtcpPayloadSpecificFeedback)) return false;
  const { feedback } = packet;
  return 'ssrcFeedbacks' in feedback ? feedback.ssrcFeedbacks.includes(ssrc) : asksForKeyFrame(packet, ssrc);
}

function asksForKeyFrame(packet: RtcpPacket, ssrc: number): boolean {
  if (!(packet instanceof RtcpPayloadSpecificFeedback)) return false;
  const { feedback } = packet;
  if ('ssrcFeedbacks' in feedback) return false; // REMB
  return 'fir' in feedback ? feedback.fir.some((entry) => entry.ssrc === ssrc) : feedback.mediaSsrc === ssrc;
}
