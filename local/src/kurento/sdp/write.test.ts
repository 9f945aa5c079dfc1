import { describe, expect, it } from 'vitest';
import { parseDescription } from './description.ts';
import { negotiate } from './negotiate.ts';
import { withCandidates, writeAnswer, writeOffer } from './write.ts';

const transport = { ufrag: 'user', pwd: 'secret', fingerprint: 'AB:CD' };
const streams = new Map([
  ['audio', { ssrc: 1, cname: 'me' }],
  ['video', { ssrc: 2, cname: 'me' }],
] as const);
const gathered = { address: '127.0.0.1', port: 4000, lines: ['candidate:1 1 UDP 1 127.0.0.1 4000 typ host'] };

const OFFER = [
  'v=0',
  'a=group:BUNDLE 0 1 2',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=rtpmap:111 opus/48000/2',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=mid:1',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'a=mid:2',
  'a=rtpmap:96 VP8/90000',
  '',
].join('\r\n');

function answer(candidates?: typeof gathered): string {
  const remote = parseDescription(OFFER);
  const media = negotiate(remote, 'sendrecv');
  return writeAnswer({ version: 7, transport, gathered: candidates, remote, media, streams });
}

describe('writeAnswer', () => {
  it('refuses a section in its place, and leaves it out of the bundle', () => {
    const { media, bundle } = parseDescription(answer());
    expect(media.map(({ kind, port }) => [kind, port])).toEqual([
      ['audio', 1],
      ['application', 0],
      ['video', 1],
    ]);
    expect(bundle).toEqual(['0', '2']);
  });

  it('names no address before candidates are gathered, and afterwards in every section', () => {
    expect(answer()).not.toContain('candidate');
    const sections = answer(gathered).split('m=').slice(1);
    expect(sections[0]).toContain('a=candidate:1 1 UDP 1 127.0.0.1 4000 typ host');
    expect(sections[0]).toContain('audio 4000 ');
    expect(sections[1]).not.toContain('candidate');
    expect(sections[2]).toContain('c=IN IP4 127.0.0.1');
  });
});

describe('writeOffer', () => {
  it('offers the media that there are streams for, in the direction of the endpoint', () => {
    const audioOnly = new Map([['audio', { ssrc: 1, cname: 'me' }]] as const);
    const sdp = writeOffer({ version: 7, transport, gathered: undefined, direction: 'recvonly', streams: audioOnly });
    const { media, bundle } = parseDescription(sdp);
    expect(bundle).toEqual(['audio0']);
    expect(media).toMatchObject([{ kind: 'audio', direction: 'recvonly', setup: 'actpass' }]);
  });
});

describe('withCandidates', () => {
  it('adds candidates at the end of their section', () => {
    const sdp = withCandidates(OFFER, [{ mid: '1', line: 'candidate:x' }]);
    expect(sdp).toBe(OFFER.replace('a=mid:1\r\n', 'a=mid:1\r\na=candidate:x\r\n'));
    expect(withCandidates(OFFER, [])).toBe(OFFER);
  });
});
