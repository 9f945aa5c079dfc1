import { randomBytes } from 'node:crypto';
import type { MediaKind } from '@hyperroom/protocol';

/** The offer of a peer connection that there is none of: what Chromium would write, with the codecs of a room only. */
export interface CannedOffer {
  readonly sdp: string;
  /** Tells it from all others. */
  readonly ufrag: string;
}

const CODECS: Record<MediaKind, { readonly formats: string; readonly lines: readonly string[] }> = {
  audio: {
    formats: '111',
    lines: ['a=rtpmap:111 opus/48000/2', 'a=rtcp-fb:111 transport-cc', 'a=fmtp:111 minptime=10;useinbandfec=1'],
  },
  video: {
    formats: '96 97',
    lines: [
      'a=rtpmap:96 VP8/90000',
      ...['goog-remb', 'transport-cc', 'ccm fir', 'nack', 'nack pli'].map((feedback) => `a=rtcp-fb:96 ${feedback}`),
      'a=rtpmap:97 rtx/90000',
      'a=fmtp:97 apt=96',
    ],
  },
};

export function offerToPublish(kinds: readonly MediaKind[]): CannedOffer {
  return offer('sendonly', kinds);
}

export function offerToReceive(): CannedOffer {
  return offer('recvonly', ['audio', 'video']);
}

/** What an answer says of the offer's media: the mid of each section, and whether it was taken. */
export function sectionsOf(sdp: string): { mid: string; accepted: boolean }[] {
  return sdp
    .split(/^(?=m=)/m)
    .slice(1)
    .map((section) => ({
      mid: /^a=mid:(\S+)/m.exec(section)?.[1] ?? '',
      accepted: !/^m=\w+ 0 /.test(section),
    }));
}

function offer(direction: 'sendonly' | 'recvonly', kinds: readonly MediaKind[]): CannedOffer {
  const ufrag = randomBytes(6).toString('base64url');
  const transport = [
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${randomBytes(18).toString('base64url')}`,
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${FINGERPRINT}`,
    'a=setup:actpass',
  ];
  const lines = [
    'v=0',
    `o=- ${randomBytes(6).readUIntBE(0, 6)} 2 IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${kinds.map((_, mid) => mid).join(' ')}`,
    'a=extmap-allow-mixed',
    'a=msid-semantic: WMS',
    ...kinds.flatMap((kind, mid) => [
      `m=${kind} 9 UDP/TLS/RTP/SAVPF ${CODECS[kind].formats}`,
      'c=IN IP4 0.0.0.0',
      'a=rtcp:9 IN IP4 0.0.0.0',
      ...transport,
      `a=mid:${mid}`,
      'a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
      `a=${direction}`,
      'a=rtcp-mux',
      'a=rtcp-rsize',
      ...CODECS[kind].lines,
    ]),
  ];
  return { sdp: `${lines.join('\r\n')}\r\n`, ufrag };
}

const FINGERPRINT = Array.from({ length: 32 }, (_, at) => at.toString(16).padStart(2, '0').toUpperCase()).join(':');
