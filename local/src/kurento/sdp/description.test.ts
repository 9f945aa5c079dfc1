import { describe, expect, it } from 'vitest';
import { parseDescription } from './description.ts';

const SDP = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE a b',
  'a=extmap-allow-mixed',
  'a=msid-semantic: WMS stream',
  'a=fingerprint:sha-256 AB:CD',
  'a=ice-ufrag:user',
  'a=ice-pwd:secret',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 8 63',
  'a=mid:a',
  'a=setup:actpass',
  'a=sendonly',
  'a=extmap:2/recvonly http://example.org/ext',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10',
  'm=video 0 UDP/TLS/RTP/SAVPF 96',
  'a=mid:b',
  'a=rtpmap:96 VP8/90000',
  'a=rtcp-fb:96 nack',
  'a=rtcp-fb:96 nack pli',
];

describe('parseDescription', () => {
  it('reads the session, and each section with what it inherits', () => {
    const description = parseDescription(SDP.join('\r\n'));
    expect(description).toMatchObject({ bundle: ['a', 'b'], allowsMixedExtensions: true, msidSemantic: 'WMS stream' });
    const [audio, video] = description.media;
    expect(audio).toMatchObject({
      kind: 'audio',
      mid: 'a',
      direction: 'sendonly',
      formats: ['111', '8', '63'],
      extensions: [{ id: 2, uri: 'http://example.org/ext' }],
      iceUfrag: 'user',
      icePwd: 'secret',
      fingerprint: { algorithm: 'sha-256', value: 'AB:CD' },
      setup: 'actpass',
    });
    expect(video).toMatchObject({ port: 0, direction: 'sendrecv' });
  });

  it('reads codecs with their parameters, static ones without a map', () => {
    const [audio, video] = parseDescription(SDP.join('\n')).media;
    expect(audio?.codecs).toEqual([
      { payloadType: 111, name: 'opus', clockRate: 48_000, channels: 2, parameters: 'minptime=10', feedback: [] },
      { payloadType: 8, name: 'PCMA', clockRate: 8000, channels: undefined, parameters: undefined, feedback: [] },
    ]);
    expect(video?.codecs[0]?.feedback).toEqual(['nack', 'nack pli']);
  });

  it('knows libwebrtc by its naming of streams', () => {
    expect(parseDescription(SDP.join('\n')).isLibwebrtc).toBe(true);
    expect(parseDescription(SDP.join('\n').replace('WMS stream', 'WMS *')).isLibwebrtc).toBe(false);
    expect(parseDescription('v=0\r\n').isLibwebrtc).toBe(false);
  });

  it('knows Firefox by its name', () => {
    const firefox = SDP.join('\n').replace('o=- ', 'o=mozilla...THIS_IS_SDPARTA-99.0 ');
    expect(parseDescription(firefox).isFirefox).toBe(true);
    expect(parseDescription(SDP.join('\n')).isFirefox).toBe(false);
  });

  it.each(['this is not sdp', '5', 'o=- 1 1', 'v=0\nnonsense', 'v=0\nm=audio nine RTP/SAVPF 0'])(
    'refuses %j',
    (sdp) => {
      expect(() => parseDescription(sdp)).toThrow('Invalid SDP');
    },
  );
});
