import type { Codec, Description, Direction, MediaSection } from './description.ts';
import { ABS_SEND_TIME, type EndpointDirection, type MediaKind, type NegotiatedMedia } from './negotiate.ts';

/** What a local description says about the endpoint's one transport. */
export interface LocalTransport {
  readonly ufrag: string;
  readonly pwd: string;
  readonly fingerprint: string;
}

export interface LocalStream {
  readonly ssrc: number;
  readonly cname: string;
}

/** Present once candidates are gathered; a description made before it names no address, as Kurento's. */
export interface GatheredCandidates {
  readonly address: string;
  readonly port: number;
  readonly lines: readonly string[];
}

interface LocalSession {
  readonly version: number;
  readonly transport: LocalTransport;
  readonly gathered: GatheredCandidates | undefined;
}

export interface AnswerInput extends LocalSession {
  readonly remote: Description;
  readonly media: readonly (NegotiatedMedia | undefined)[];
  readonly streams: ReadonlyMap<MediaKind, LocalStream>;
}

export function writeAnswer(input: AnswerInput): string {
  const { remote, media } = input;
  const accepted = media.flatMap((section) => (section ? [section.mid] : []));
  return document([
    ...sessionLines(input),
    ...(remote.allowsMixedExtensions ? ['a=extmap-allow-mixed'] : []),
    ...(remote.msidSemantic === undefined ? [] : [`a=msid-semantic: ${remote.msidSemantic}`]),
    ...(remote.bundle.length > 0 ? [`a=group:BUNDLE ${accepted.join(' ')}`] : []),
    ...remote.media.flatMap((section, index) => answerSection(section, media[index], input)),
  ]);
}

function answerSection(section: MediaSection, media: NegotiatedMedia | undefined, input: AnswerInput): string[] {
  const stream = media && input.streams.get(media.kind);
  if (!media || !stream) {
    const { kind, protocol, formats, mid } = section;
    return [`m=${kind} 0 ${protocol} ${formats.join(' ')}`, 'c=IN IP4 0.0.0.0', 'a=inactive', `a=mid:${mid}`];
  }
  const { codecs } = media;
  return [
    mediaLine(section.kind, section.protocol, codecs, input.gathered),
    ...media.extensions.map(({ id, uri }) => `a=extmap:${id} ${uri}`),
    `a=${media.direction}`,
    `a=mid:${media.mid}`,
    rtcpLine(input.gathered),
    ...codecs.map(rtpmap),
    ...codecs.flatMap(feedback),
    'a=setup:active',
    'a=rtcp-mux',
    ...codecs.flatMap(fmtp),
    ...transportLines(stream, input),
  ];
}

export interface OfferInput extends LocalSession {
  readonly direction: EndpointDirection;
  readonly streams: ReadonlyMap<MediaKind, LocalStream>;
}

/** The endpoint's own offer: fixed payload types and the mids `audio0` and `video0`, as Kurento's. */
export function writeOffer(input: OfferInput): string {
  const sections = OFFERED.filter(({ kind }) => input.streams.has(kind));
  return document([
    ...sessionLines(input),
    'a=ice-lite',
    `a=group:BUNDLE ${sections.map(({ mid }) => mid).join(' ')}`,
    ...sections.flatMap((section) => offerSection(section, input)),
  ]);
}

function offerSection({ kind, mid, codecs }: OfferedSection, input: OfferInput): string[] {
  const stream = input.streams.get(kind);
  return [
    mediaLine(kind, 'RTP/SAVPF', codecs, input.gathered),
    'a=setup:actpass',
    `a=extmap:3 ${ABS_SEND_TIME}`,
    ...codecs.flatMap((codec) => [...(isStatic(codec) ? [] : [rtpmap(codec)]), ...fmtp(codec)]),
    rtcpLine(input.gathered),
    'a=rtcp-mux',
    `a=${input.direction satisfies Direction}`,
    `a=mid:${mid}`,
    ...codecs.flatMap(feedback),
    ...(stream ? transportLines(stream, input) : []),
  ];
}

interface OfferedSection {
  readonly kind: MediaKind;
  readonly mid: string;
  readonly codecs: readonly Codec[];
}

/** RFC 3551 fixes what these payload types mean, so that they need no map. */
const isStatic = ({ payloadType }: Codec) => payloadType < 35;

const offered = (payloadType: number, name: string, clockRate: number, more: Partial<Codec> = {}): Codec => ({
  payloadType,
  name,
  clockRate,
  channels: undefined,
  parameters: undefined,
  feedback: [],
  ...more,
});

const OFFERED: readonly OfferedSection[] = [
  {
    kind: 'audio',
    mid: 'audio0',
    codecs: [offered(96, 'opus', 48_000, { channels: 2 }), offered(0, 'PCMU', 8000), offered(8, 'PCMA', 8000)],
  },
  {
    kind: 'video',
    mid: 'video0',
    codecs: [
      offered(101, 'VP8', 90_000, { feedback: ['nack', 'nack pli', 'goog-remb', 'ccm fir'] }),
      offered(102, 'H264', 90_000, {
        parameters: 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
        feedback: ['nack', 'nack pli', 'ccm fir'],
      }),
      offered(103, 'VP9', 90_000, {
        parameters: 'profile-id=0',
        feedback: ['nack', 'nack pli', 'goog-remb', 'ccm fir'],
      }),
    ],
  },
];

function sessionLines({ version, gathered }: LocalSession): string[] {
  return [
    'v=0',
    `o=- ${version} ${version} IN IP4 0.0.0.0`,
    's=Kurento Media Server',
    ...(gathered ? [] : ['c=IN IP4 0.0.0.0']),
    't=0 0',
  ];
}

function mediaLine(
  kind: string,
  protocol: string,
  codecs: readonly Codec[],
  gathered: GatheredCandidates | undefined,
): string {
  const formats = codecs.map(({ payloadType }) => payloadType).join(' ');
  const line = `m=${kind} ${gathered?.port ?? 1} ${protocol} ${formats}`;
  return gathered ? `${line}\r\nc=IN IP4 ${gathered.address}` : line;
}

function rtcpLine(gathered: GatheredCandidates | undefined): string {
  return gathered ? `a=rtcp:${gathered.port} IN IP4 ${gathered.address}` : 'a=rtcp:9 IN IP4 0.0.0.0';
}

function rtpmap({ payloadType, name, clockRate, channels }: Codec): string {
  return `a=rtpmap:${payloadType} ${name}/${clockRate}${channels === undefined ? '' : `/${channels}`}`;
}

function feedback({ payloadType, feedback }: Codec): string[] {
  return feedback.map((entry) => `a=rtcp-fb:${payloadType} ${entry}`);
}

function fmtp({ payloadType, parameters }: Codec): string[] {
  return parameters === undefined ? [] : [`a=fmtp:${payloadType} ${parameters}`];
}

function transportLines({ ssrc, cname }: LocalStream, { transport, gathered }: LocalSession): string[] {
  return [
    `a=ssrc:${ssrc} cname:${cname}`,
    `a=ice-ufrag:${transport.ufrag}`,
    `a=ice-pwd:${transport.pwd}`,
    `a=fingerprint:sha-256 ${transport.fingerprint}`,
    ...(gathered?.lines.map((line) => `a=${line}`) ?? []),
  ];
}

function document(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n`;
}

/** A remote description with the candidates that were added to it since, at the end of their section. */
export function withCandidates(sdp: string, candidates: readonly { mid: string; line: string }[]): string {
  if (candidates.length === 0) return sdp;
  const [session = '', ...sections] = sdp.split(/^(?=m=)/m);
  const completed = sections.map((section) => {
    const mid = /^a=mid:(\S+)/m.exec(section)?.[1];
    const added = candidates.filter((candidate) => candidate.mid === mid).map(({ line }) => `a=${line}\r\n`);
    return section + added.join('');
  });
  return session + completed.join('');
}
