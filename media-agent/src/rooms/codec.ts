import type { VideoCodec } from '@hyperroom/protocol';

/**
 * An offer with the one video codec of the room, and what retransmits it: given the choice, Kurento would answer with
 * others, and transcode between those who use them. Null: there is video in it, but none of that codec.
 */
export function restrictVideo(sdp: string, codec: VideoCodec): string | null {
  const sections = sdp
    .split(/^(?=m=)/m)
    .map((section) => (isVideo(section) ? restrictSection(section, codec) : section));
  return sections.every((section) => section !== null) ? sections.join('') : null;
}

/** An m-line with port 0 offers nothing. */
const isVideo = (section: string) => /^m=video (?!0 )/.test(section);

function restrictSection(section: string, codec: VideoCodec): string | null {
  const kept = keptPayloads(section, codec);
  if (kept.size === 0) return null;
  return section
    .replace(/^(m=video \d+ \S+)((?: \d+)+)/, (_, head: string, formats: string) =>
      [head, ...formats.split(' ').filter((format) => kept.has(format))].join(' '),
    )
    .replace(/^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) .*(?:\r?\n)?/gm, (line, payload: string) =>
      kept.has(payload) ? line : '',
    );
}

function keptPayloads(section: string, codec: VideoCodec): Set<string> {
  const payloads = [...section.matchAll(/^a=rtpmap:(\d+) ([\w-]+)\//gm)].flatMap(([, payload = '', name = '']) =>
    name.toUpperCase() === codec ? [payload] : [],
  );
  const repairs = [...section.matchAll(/^a=fmtp:(\d+) apt=(\d+)/gm)].flatMap(([, payload = '', repaired = '']) =>
    payloads.includes(repaired) ? [payload] : [],
  );
  return new Set([...payloads, ...repairs]);
}
