import { invalidSdp } from '../rpc/errors.ts';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface Codec {
  readonly payloadType: number;
  /** As in `a=rtpmap`: `VP8`, `opus`, … */
  readonly name: string;
  readonly clockRate: number;
  readonly channels: number | undefined;
  readonly parameters: string | undefined;
  readonly feedback: readonly string[];
}

export interface HeaderExtension {
  readonly id: number;
  readonly uri: string;
}

export interface MediaSection {
  readonly kind: string;
  readonly port: number;
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly mid: string;
  readonly direction: Direction;
  readonly codecs: readonly Codec[];
  readonly extensions: readonly HeaderExtension[];
  readonly iceUfrag: string | undefined;
  readonly icePwd: string | undefined;
  readonly fingerprint: { readonly algorithm: string; readonly value: string } | undefined;
  readonly setup: string | undefined;
}

export interface Description {
  readonly msidSemantic: string | undefined;
  readonly allowsMixedExtensions: boolean;
  /** Chromium's and Safari's stack, which names its streams where all others write `*`. */
  readonly isLibwebrtc: boolean;
  readonly isFirefox: boolean;
  readonly bundle: readonly string[];
  readonly media: readonly MediaSection[];
}

const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

/** The payload types of RFC 3551 that an endpoint can use without an `a=rtpmap`. */
const STATIC_FORMATS: Readonly<Record<string, string>> = { 0: 'PCMU/8000', 8: 'PCMA/8000' };

export function parseDescription(sdp: string): Description {
  const lines = sdp.split(/\r?\n/).filter((line) => line !== '');
  if (lines[0] !== 'v=0' || lines.some((line) => !/^[a-z]=/.test(line))) throw invalidSdp();
  const [session, ...sections] = splitSections(lines);
  const attributes = new Attributes(session);
  const group = attributes.all('group').find((value) => value.startsWith('BUNDLE'));
  const msidSemantic = attributes.first('msid-semantic')?.trim();
  return {
    msidSemantic,
    isLibwebrtc: msidSemantic !== undefined && !msidSemantic.includes('*'),
    isFirefox: session.some((line) => line.startsWith('o=mozilla')),
    allowsMixedExtensions: attributes.has('extmap-allow-mixed'),
    bundle: group?.split(' ').slice(1) ?? [],
    media: sections.map((section, index) => parseMedia(section, attributes, index)),
  };
}

function splitSections(lines: readonly string[]): [string[], ...string[][]] {
  const sections: [string[], ...string[][]] = [[]];
  for (const line of lines) {
    if (line.startsWith('m=')) sections.push([line]);
    else sections.at(-1)?.push(line);
  }
  return sections;
}

function parseMedia(lines: readonly string[], session: Attributes, index: number): MediaSection {
  const [kind, port, protocol, ...formats] = (lines[0] ?? '').slice(2).split(' ');
  if (!kind || !protocol || !/^\d+$/.test(port ?? '')) throw invalidSdp();
  const attributes = new Attributes(lines);
  const inherited = (name: string) => attributes.first(name) ?? session.first(name);
  const [algorithm, value] = inherited('fingerprint')?.split(' ') ?? [];
  return {
    kind,
    port: Number(port),
    protocol,
    formats,
    mid: attributes.first('mid') ?? `${kind}${index}`,
    direction: DIRECTIONS.find((name) => attributes.has(name)) ?? 'sendrecv',
    codecs: formats.flatMap((format) => parseCodec(format, attributes)),
    extensions: attributes.all('extmap').flatMap(parseExtension),
    iceUfrag: inherited('ice-ufrag'),
    icePwd: inherited('ice-pwd'),
    fingerprint: algorithm && value ? { algorithm, value } : undefined,
    setup: inherited('setup'),
  };
}

function parseCodec(format: string, attributes: Attributes): Codec[] {
  const map = attributes.ofFormat('rtpmap', format)[0] ?? STATIC_FORMATS[format];
  const [name, clockRate, channels] = map?.split('/') ?? [];
  if (!name || !clockRate) return [];
  return [
    {
      payloadType: Number(format),
      name,
      clockRate: Number(clockRate),
      channels: channels === undefined ? undefined : Number(channels),
      parameters: attributes.ofFormat('fmtp', format)[0],
      feedback: attributes.ofFormat('rtcp-fb', format),
    },
  ];
}

function parseExtension(value: string): HeaderExtension[] {
  const [id, uri] = value.split(' ');
  return id && uri ? [{ id: Number.parseInt(id, 10), uri }] : [];
}

/** The `a=` lines of one section. */
class Attributes {
  private readonly lines: readonly { readonly name: string; readonly value: string }[];

  constructor(lines: readonly string[]) {
    this.lines = lines.filter((line) => line.startsWith('a=')).map((line) => splitAttribute(line.slice(2)));
  }

  has(name: string): boolean {
    return this.lines.some((line) => line.name === name);
  }

  first(name: string): string | undefined {
    return this.lines.find((line) => line.name === name)?.value;
  }

  all(name: string): string[] {
    return this.lines.filter((line) => line.name === name).map((line) => line.value);
  }

  /** The values of `a=<name>:<format> <value>`. */
  ofFormat(name: string, format: string): string[] {
    const prefix = `${format} `;
    return this.all(name)
      .filter((value) => value.startsWith(prefix))
      .map((value) => value.slice(prefix.length));
  }
}

function splitAttribute(text: string): { name: string; value: string } {
  const colon = text.indexOf(':');
  return colon < 0 ? { name: text, value: '' } : { name: text.slice(0, colon), value: text.slice(colon + 1) };
}
