import { describe, expect, test } from 'vitest';
import { restrictVideo } from './codec.ts';

const HEAD = ['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0 1'];
const AUDIO = ['m=audio 9 UDP/TLS/RTP/SAVPF 111 63', 'a=mid:0', 'a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10'];
const VIDEO = [
  'm=video 9 UDP/TLS/RTP/SAVPF 96 97 103 104 107 108 98 116',
  'c=IN IP4 0.0.0.0',
  'a=mid:1',
  'a=rtcp-fb:* transport-cc',
  'a=rtpmap:96 VP8/90000',
  'a=rtcp-fb:96 nack pli',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
  'a=rtpmap:103 H264/90000',
  'a=rtcp-fb:103 nack',
  'a=fmtp:103 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f',
  'a=rtpmap:104 rtx/90000',
  'a=fmtp:104 apt=103',
  'a=rtpmap:107 H264/90000',
  'a=fmtp:107 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42001f',
  'a=rtpmap:108 rtx/90000',
  'a=fmtp:108 apt=107',
  'a=rtpmap:98 VP9/90000',
  'a=rtpmap:116 red/90000',
  'a=ssrc-group:FID 1 2',
];
const sdpOf = (...lines: string[]) => `${lines.join('\r\n')}\r\n`;
const OFFER = sdpOf(...HEAD, ...AUDIO, ...VIDEO);

const without = (...payloads: string[]) =>
  VIDEO.slice(1).filter((line) => !payloads.some((payload) => new RegExp(`^a=[a-z-]+:${payload} `).test(line)));

describe('restrictVideo', () => {
  test('leaves the codec and what retransmits it, and all that is not of another payload', () => {
    expect(restrictVideo(OFFER, 'VP8')).toBe(
      sdpOf(
        ...HEAD,
        ...AUDIO,
        'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
        ...without('103', '104', '107', '108', '98', '116'),
      ),
    );
  });

  test('leaves every profile of the codec, in the order of the offer', () => {
    expect(restrictVideo(OFFER, 'H264')).toBe(
      sdpOf(...HEAD, ...AUDIO, 'm=video 9 UDP/TLS/RTP/SAVPF 103 104 107 108', ...without('96', '97', '98', '116')),
    );
  });

  test('of an offer without that codec nothing is left', () => {
    const vp9 = sdpOf(...HEAD, 'm=video 9 UDP/TLS/RTP/SAVPF 98', 'a=rtpmap:98 VP9/90000');
    expect(restrictVideo(vp9, 'VP8')).toBeNull();
  });

  test.each([
    ['audio alone', sdpOf(...HEAD, ...AUDIO)],
    ['a video line that offers nothing', sdpOf(...HEAD, ...AUDIO, 'm=video 0 UDP/TLS/RTP/SAVPF 98')],
    [
      'line ends without carriage returns',
      `${[...HEAD, 'm=video 9 RTP/SAVPF 96', 'a=rtpmap:96 vp8/90000'].join('\n')}`,
    ],
  ])('%s stays as it is', (_, sdp) => {
    expect(restrictVideo(sdp, 'VP8')).toBe(sdp);
  });
});
