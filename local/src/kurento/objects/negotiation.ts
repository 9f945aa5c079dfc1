import type { Peer } from '../media/peer.ts';
import {
  alreadyNegotiated,
  answerAlreadyProcessed,
  invalidSdp,
  noLocalSdp,
  noRemoteSdp,
  offerNotGenerated,
} from '../rpc/errors.ts';
import { type Description, parseDescription } from '../sdp/description.ts';
import { type EndpointDirection, type MediaKind, type NegotiatedMedia, negotiate } from '../sdp/negotiate.ts';
import { type LocalStream, withCandidates, writeAnswer, writeOffer } from '../sdp/write.ts';

/** Seconds from NTP's epoch to Unix's: Kurento's session versions are NTP times. */
const NTP_OFFSET_S = 2_208_988_800;

export interface SectionName {
  readonly mid: string;
  readonly index: number;
}

type Role =
  | { readonly kind: 'offerer'; readonly media: readonly MediaKind[]; answered: boolean }
  | { kind: 'answerer' };

/** The one offer and answer of an endpoint: Kurento has no second round. */
export class Negotiation {
  private readonly peer: Peer;
  private readonly direction: EndpointDirection;
  private readonly version: number;
  private readonly candidates: { mid: string; line: string }[] = [];
  private role: Role | undefined;
  private remote: { readonly sdp: string; readonly description: Description } | undefined;
  private media: readonly (NegotiatedMedia | undefined)[] = [];

  constructor(peer: Peer, direction: EndpointDirection, now: number) {
    this.peer = peer;
    this.direction = direction;
    this.version = Math.floor(now / 1000) + NTP_OFFSET_S;
  }

  get started(): boolean {
    return this.role !== undefined;
  }

  /** The media sections that candidates are announced for. */
  get sections(): SectionName[] {
    if (this.role?.kind === 'offerer') return this.role.media.map((kind, index) => ({ mid: `${kind}0`, index }));
    return this.media.flatMap((section, index) => (section ? [{ mid: section.mid, index }] : []));
  }

  processOffer(sdp: string): string {
    if (this.role) throw alreadyNegotiated();
    if (sdp === '') throw invalidSdp('Empty offer not valid');
    const description = parseDescription(sdp);
    this.role = { kind: 'answerer' };
    this.agree(sdp, description);
    return this.localDescription();
  }

  generateOffer(media: readonly MediaKind[]): string {
    if (this.role) throw alreadyNegotiated();
    this.role = { kind: 'offerer', media, answered: false };
    return this.localDescription();
  }

  processAnswer(sdp: string): string {
    if (this.role?.kind !== 'offerer') throw offerNotGenerated();
    if (this.role.answered) throw answerAlreadyProcessed();
    if (sdp === '') throw invalidSdp('Empty answer not valid');
    const description = parseDescription(sdp);
    this.role.answered = true;
    this.agree(sdp, description);
    return this.localDescription();
  }

  localDescription(): string {
    if (!this.role) throw noLocalSdp();
    const { local: transport, candidates: gathered } = this.peer.transport;
    const session = { version: this.version, transport, gathered };
    if (this.role.kind === 'offerer') {
      return writeOffer({ ...session, direction: this.direction, streams: this.streams(this.role.media) });
    }
    const kinds = this.media.flatMap((section) => (section ? [section.kind] : []));
    const remote = this.remote?.description;
    if (!remote) throw noLocalSdp();
    return writeAnswer({ ...session, remote, media: this.media, streams: this.streams(kinds) });
  }

  remoteDescription(): string {
    if (!this.remote) throw noRemoteSdp();
    return withCandidates(this.remote.sdp, this.candidates);
  }

  knowsMid(mid: string): boolean {
    return this.sections.some((section) => section.mid === mid);
  }

  noteCandidate(mid: string, line: string): void {
    this.candidates.push({ mid, line });
  }

  private agree(sdp: string, description: Description): void {
    this.remote = { sdp, description };
    this.media = negotiate(description, this.direction);
    this.peer.agree(description, this.media);
  }

  private streams(kinds: readonly MediaKind[]): Map<MediaKind, LocalStream> {
    return new Map(kinds.map((kind) => [kind, this.peer.stream(kind)]));
  }
}
