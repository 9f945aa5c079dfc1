import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  defaultPeerConfig,
  GenericNack,
  PictureLossIndication,
  RTCRtpReceiver,
  RTCRtpSender,
  type RtcpPacket,
  RtcpPayloadSpecificFeedback,
  RtcpReceiverInfo,
  RtcpRrPacket,
  RtcpSenderInfo,
  RtcpSrPacket,
  RtcpTransportLayerFeedback,
} from 'werift';
import { dispatchRtcp, isMediaReport, type RtcpTarget } from './rtcp.ts';

let targets: { audio: RtcpTarget; video: RtcpTarget };
let heard: string[];
const keyFrameWanted = vi.fn();

beforeEach(() => {
  keyFrameWanted.mockClear();
  heard = [];
  targets = { audio: target('audio'), video: target('video') };
});

function target(kind: 'audio' | 'video'): RtcpTarget {
  const sender = new RTCRtpSender(kind);
  const receiver = new RTCRtpReceiver(defaultPeerConfig, kind, sender.ssrc);
  sender.onRtcp.subscribe(() => heard.push(`${kind} sender`));
  receiver.onRtcp.subscribe(() => heard.push(`${kind} receiver`));
  return { sender, receiver };
}

const dispatch = (packet: RtcpPacket) => dispatchRtcp(packet, Object.values(targets), keyFrameWanted);

const report = (ssrc: number) =>
  new RtcpReceiverInfo({ ssrc, fractionLost: 0, packetsLost: 0, highestSequence: 0, jitter: 0, lsr: 0, dlsr: 0 });

const senderInfo = new RtcpSenderInfo({ ntpTimestamp: 0n, rtpTimestamp: 0, packetCount: 0, octetCount: 0 });

describe('dispatchRtcp', () => {
  it('brings a receiver report to the sender that it reports on', () => {
    dispatch(new RtcpRrPacket({ ssrc: 1, reports: [report(targets.video.sender.ssrc)] }));
    expect(heard).toEqual(['video sender']);
  });

  it('brings a NACK to the sender that is to repeat', () => {
    const feedback = new GenericNack({
      senderSsrc: 1,
      mediaSourceSsrc: targets.video.sender.ssrc,
      lost: [],
    });
    dispatch(new RtcpTransportLayerFeedback({ feedback }));
    expect(heard).toEqual(['video sender']);
  });

  it('takes a picture loss for a wish for a key frame, whoever its sender claims to be', () => {
    const mediaSsrc = targets.video.sender.ssrc;
    const feedback = new PictureLossIndication({ senderSsrc: targets.audio.sender.ssrc, mediaSsrc });
    dispatch(new RtcpPayloadSpecificFeedback({ feedback }));
    expect(keyFrameWanted).toHaveBeenCalledTimes(1);
    expect(heard).toEqual(['video sender']);
  });

  it('leaves alone what speaks of nobody here', () => {
    dispatch(new RtcpRrPacket({ ssrc: 1, reports: [report(12_345)] }));
    dispatch(new RtcpSrPacket({ ssrc: 12_345, senderInfo }));
    expect(heard).toEqual([]);
  });
});

describe('isMediaReport', () => {
  it('counts reports with content, and all of senders', () => {
    expect(isMediaReport(new RtcpSrPacket({ ssrc: 1, senderInfo }))).toBe(true);
    expect(isMediaReport(new RtcpRrPacket({ ssrc: 1, reports: [report(2)] }))).toBe(true);
    expect(isMediaReport(new RtcpRrPacket({ ssrc: 1, reports: [] }))).toBe(false);
  });
});
