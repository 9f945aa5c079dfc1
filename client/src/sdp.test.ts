import { expect, it } from 'vitest';
import { plainlyOffered } from './sdp.ts';

it('says of what is bundled that it is offered', () => {
  const audio = [
    'm=audio 48665 UDP/TLS/RTP/SAVPF 109',
    'c=IN IP4 192.0.2.2',
    'a=candidate:0 1 UDP 1 192.0.2.2 0 typ host',
  ];
  const video = (port: number, ...more: string[]) => [
    `m=video ${port} UDP/TLS/RTP/SAVPF 120`,
    'c=IN IP4 0.0.0.0',
    ...more,
  ];
  const sdp = (lines: string[]) => ['v=0', ...lines, ''].join('\r\n');
  expect(plainlyOffered(sdp([...audio, ...video(0, 'a=bundle-only', 'a=sendonly')]))).toBe(
    sdp([...audio, ...video(9, 'a=sendonly')]),
  );
});
