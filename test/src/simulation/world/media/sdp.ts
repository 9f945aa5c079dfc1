import type { MediaKind } from './agent.ts';

const CODECS: Readonly<Record<MediaKind, string>> = {
  audio: 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n',
  video:
    'm=video 9 UDP/TLS/RTP/SAVPF 96 97 98\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtpmap:98 H264/90000\r\n',
};

/** The least that a media server takes, and tells from all others by its user fragment. */
export function offerOf(fragment: string, kinds: readonly MediaKind[], direction: 'sendonly' | 'recvonly'): string {
  const head = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\na=ice-ufrag:${fragment}\r\na=fingerprint:sha-256 00\r\n`;
  return head + kinds.map((kind) => `${CODECS[kind]}a=${direction}\r\n`).join('');
}

export function answerTo(offer: string, fragment: string): string {
  return offer
    .replace(/^a=ice-ufrag:.*$/m, `a=ice-ufrag:${fragment}`)
    .replace(/^a=(sendonly|recvonly)/gm, (_, direction) => (direction === 'sendonly' ? 'a=recvonly' : 'a=sendonly'));
}

export function fragmentOf(sdp: string): string {
  return /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? '';
}
