import { randomBytes } from 'node:crypto';
import {
  type Description,
  hostCandidate,
  type MediaKind,
  type MediaType,
  type NegotiatedMedia,
  negotiate,
  parseDescription,
  receives,
  writeAnswer,
} from './kurento.ts';

/** Where an endpoint without media says that it is: the discard port. */
const ADDRESS = '127.0.0.1';
const PORT = 9;

/** One offer and what an endpoint makes of it. */
export class Answer {
  /** The candidate that it gathers. */
  static readonly candidate = hostCandidate(ADDRESS, PORT);
  readonly #remote: Description;
  readonly #media: readonly (NegotiatedMedia | undefined)[];
  readonly #transport: { readonly ufrag: string; readonly pwd: string; readonly fingerprint: string };

  /** Throws Kurento's error for an offer that is none. */
  constructor(offer: string, fingerprint: string) {
    this.#remote = parseDescription(offer);
    this.#media = negotiate(this.#remote, 'sendrecv');
    this.#transport = { ufrag: random(4), pwd: random(22), fingerprint };
  }

  /** Tells the peer connections of all offers apart. */
  get remoteUfrag(): string | undefined {
    return this.#remote.media[0]?.iceUfrag;
  }

  get kinds(): MediaKind[] {
    return this.#media.flatMap((section) => section?.kind ?? []);
  }

  /** What the peer sends. */
  get received(): MediaType[] {
    const received = this.#media.filter((section) => section && receives(section.direction));
    return received.map((section) => (section?.kind === 'audio' ? 'AUDIO' : 'VIDEO'));
  }

  /** The media sections that candidates are for. */
  get sections(): { mid: string; index: number }[] {
    return this.#media.flatMap((section, index) => (section ? [{ mid: section.mid, index }] : []));
  }

  /** As Kurento's, it names an address only once that is gathered. */
  sdp(isGathered: boolean): string {
    return writeAnswer({
      version: 1,
      transport: this.#transport,
      gathered: isGathered ? { address: ADDRESS, port: PORT, lines: [Answer.candidate] } : undefined,
      remote: this.#remote,
      media: this.#media,
      streams: new Map(this.kinds.map((kind, index) => [kind, { ssrc: index + 1, cname: 'counting' }])),
    });
  }
}

function random(length: number): string {
  return randomBytes(length).toString('base64url').slice(0, length);
}
