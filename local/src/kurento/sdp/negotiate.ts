import type { Codec, Description, Direction, HeaderExtension, MediaSection } from './description.ts';

export type MediaKind = 'audio' | 'video';

/** What an endpoint was created for: Kurento's `recvonly` and `sendonly` constructor parameters. */
export type EndpointDirection = 'sendrecv' | 'recvonly' | 'sendonly';

export interface NegotiatedMedia {
  readonly kind: MediaKind;
  readonly mid: string;
  readonly codecs: readonly Codec[];
  /** From the endpoint's point of view. */
  readonly direction: Direction;
  readonly extensions: readonly HeaderExtension[];
}

const AUDIO_CODECS = ['opus', 'pcmu', 'pcma'];

/** In the order of preference. Only one is ever agreed on, because packets are forwarded, never transcoded. */
const VIDEO_CODECS = ['vp8', 'h264', 'vp9'];

const VIDEO_FEEDBACK = ['goog-remb', 'ccm fir', 'nack', 'nack pli'];

export const ABS_SEND_TIME = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time';

/** One entry per media section of the remote description; undefined where the section is refused. */
export function negotiate(remote: Description, direction: EndpointDirection): (NegotiatedMedia | undefined)[] {
  const taken = new Set<MediaKind>();
  return remote.media.map((section) => {
    const kind = mediaKind(section.kind);
    if (!kind || taken.has(kind) || section.port === 0 || !isReachable(remote, section)) return undefined;
    const codecs = sharedCodecs(kind, section.codecs);
    if (codecs.length === 0) return undefined;
    taken.add(kind);
    return {
      kind,
      mid: section.mid,
      codecs,
      direction: narrow(reverse(section.direction), direction),
      extensions: section.extensions.filter(({ uri }) => uri === ABS_SEND_TIME),
    };
  });
}

/** Everything goes over one transport, so a section outside the bundle can only be refused. */
function isReachable(remote: Description, section: MediaSection): boolean {
  const bundled = remote.bundle.length > 0 ? remote.bundle.includes(section.mid) : remote.media[0] === section;
  return bundled && /^(UDP\/TLS\/)?RTP\/SAVPF$/.test(section.protocol);
}

function mediaKind(kind: string): MediaKind | undefined {
  return kind === 'audio' || kind === 'video' ? kind : undefined;
}

function sharedCodecs(kind: MediaKind, offered: readonly Codec[]): Codec[] {
  if (kind === 'audio') return select(offered, AUDIO_CODECS, []);
  const chosen = VIDEO_CODECS.find((name) => offered.some((codec) => codec.name.toLowerCase() === name));
  return chosen ? select(offered, [chosen], VIDEO_FEEDBACK) : [];
}

function select(offered: readonly Codec[], names: readonly string[], feedback: readonly string[]): Codec[] {
  return offered
    .filter((codec) => names.includes(codec.name.toLowerCase()))
    .map((codec) => ({ ...codec, feedback: codec.feedback.filter((entry) => feedback.includes(entry)) }));
}

export const sends = (direction: Direction) => direction === 'sendrecv' || direction === 'sendonly';
export const receives = (direction: Direction) => direction === 'sendrecv' || direction === 'recvonly';

function reverse(direction: Direction): Direction {
  return directionOf(receives(direction), sends(direction));
}

function narrow(direction: Direction, limit: Direction): Direction {
  return directionOf(sends(direction) && sends(limit), receives(direction) && receives(limit));
}

function directionOf(send: boolean, receive: boolean): Direction {
  if (send) return receive ? 'sendrecv' : 'sendonly';
  return receive ? 'recvonly' : 'inactive';
}
