import type { MediaKind, PublicationName, Source } from './source.ts';

/* What is published, and what an SDP says of it. */

export const MEDIA_KINDS = ['audio', 'video'] as const;
export const SOURCES = ['microphone', 'camera', 'screen'] as const;
export const PUBLICATION_NAMES = ['main', 'screen'] as const;

/** The source of one kind of media in a publication. */
export function sourceOf(publication: PublicationName, kind: MediaKind): Source {
  if (publication === 'screen') return 'screen';
  return kind === 'audio' ? 'microphone' : 'camera';
}

/** The kinds of media that are sent by the m-lines of an SDP. */
export function kindsOf(sdp: string): MediaKind[] {
  return MEDIA_KINDS.filter((kind) => new RegExp(`^m=${kind} (?!0 )`, 'm').test(sdp));
}

/** What an offer to publish brings. */
export function sourcesOf(publication: PublicationName, sdp: string): Source[] {
  return [...new Set(kindsOf(sdp).map((kind) => sourceOf(publication, kind)))];
}

/** The video codecs that an SDP speaks of, in capitals: `VP8`, `H264`, … */
export function videoCodecsOf(sdp: string): string[] {
  const video = sdp.split(/^(?=m=)/m).filter((section) => section.startsWith('m=video'));
  const names = video.flatMap((section) =>
    [...section.matchAll(/^a=rtpmap:\d+ ([\w-]+)\/90000/gm)].map(([, name]) => name ?? ''),
  );
  return [...new Set(names.map((name) => name.toUpperCase()))].filter((name) => !NOT_CODECS.includes(name));
}

/** What stands among the codecs but only repairs them. */
const NOT_CODECS = ['RTX', 'RED', 'ULPFEC', 'FLEXFEC-03'];
