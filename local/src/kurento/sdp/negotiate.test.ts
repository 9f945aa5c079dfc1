import { describe, expect, it } from 'vitest';
import { parseDescription } from './description.ts';
import { ABS_SEND_TIME, negotiate } from './negotiate.ts';

interface Section {
  readonly kind?: string;
  readonly mid?: string;
  readonly direction?: string;
  readonly protocol?: string;
  readonly codecs?: readonly string[];
  readonly port?: number;
}

function describeOffer(sections: readonly Section[], bundle = sections.map((_, index) => String(index))): string {
  const lines = sections.flatMap((section, index) => {
    const { kind = 'video', mid = String(index), direction = 'sendrecv', protocol = 'UDP/TLS/RTP/SAVPF' } = section;
    const { codecs = ['VP8'], port = 9 } = section;
    const formats = codecs.map((_, format) => 96 + format);
    return [
      `m=${kind} ${port} ${protocol} ${formats.join(' ')}`,
      `a=mid:${mid}`,
      `a=${direction}`,
      `a=extmap:4 ${ABS_SEND_TIME}`,
      'a=extmap:5 urn:ietf:params:rtp-hdrext:sdes:mid',
      ...codecs.map((codec, format) => `a=rtpmap:${96 + format} ${codec}/90000`),
      'a=rtcp-fb:96 nack',
      'a=rtcp-fb:96 transport-cc',
    ];
  });
  return ['v=0', ...(bundle.length > 0 ? [`a=group:BUNDLE ${bundle.join(' ')}`] : []), ...lines].join('\r\n');
}

const agree = (sections: readonly Section[], direction: Parameters<typeof negotiate>[1] = 'sendrecv') =>
  negotiate(parseDescription(describeOffer(sections)), direction);

describe('negotiate', () => {
  it.each([
    ['sendonly', 'sendrecv', 'recvonly'],
    ['recvonly', 'sendrecv', 'sendonly'],
    ['sendrecv', 'sendrecv', 'sendrecv'],
    ['sendrecv', 'recvonly', 'recvonly'],
    ['sendrecv', 'sendonly', 'sendonly'],
    ['sendonly', 'sendonly', 'inactive'],
    ['inactive', 'sendrecv', 'inactive'],
  ] as const)('answers %s on a %s endpoint with %s', (offered, endpoint, expected) => {
    expect(agree([{ direction: offered }], endpoint)[0]?.direction).toBe(expected);
  });

  it('picks one video codec: VP8, then H264, then VP9', () => {
    const names = (codecs: string[]) => agree([{ codecs }])[0]?.codecs.map(({ name }) => name);
    expect(names(['VP9', 'H264', 'VP8', 'rtx'])).toEqual(['VP8']);
    expect(names(['VP9', 'H264', 'H264'])).toEqual(['H264', 'H264']);
    expect(names(['VP9', 'AV1'])).toEqual(['VP9']);
  });

  it('takes of the feedback and extensions only what Kurento has', () => {
    const [video] = agree([{}]);
    expect(video?.codecs[0]?.feedback).toEqual(['nack']);
    expect(video?.extensions).toEqual([{ id: 4, uri: ABS_SEND_TIME }]);
  });

  it('refuses what it has no codec, no transport or no second line for', () => {
    expect(agree([{ codecs: ['AV1'] }])).toEqual([undefined]);
    expect(agree([{ protocol: 'RTP/AVP' }])).toEqual([undefined]);
    expect(agree([{ port: 0 }])).toEqual([undefined]);
    expect(agree([{ kind: 'application' }])).toEqual([undefined]);
    expect(agree([{}, {}])).toMatchObject([{ mid: '0' }, undefined]);
  });

  it('takes only the first section of an offer that does not bundle', () => {
    const offer = parseDescription(describeOffer([{ kind: 'audio', codecs: ['opus'] }, {}], []));
    expect(negotiate(offer, 'sendrecv')).toMatchObject([{ kind: 'audio' }, undefined]);
  });
});
