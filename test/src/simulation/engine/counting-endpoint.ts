import { randomUUID } from 'node:crypto';
import { Answer } from './answer.ts';
import {
  act,
  alreadyNegotiated,
  candidateRefused,
  EndpointProperties,
  endpointStats,
  invalidSdp,
  type JsonObject,
  keyFrameRefused,
  MEDIA_ELEMENT_EVENTS,
  MediaElement,
  type MediaPipeline,
  type MediaType,
  noLocalSdp,
  type ObjectHost,
  type Operation,
  Parameters,
  read,
  TransportEvents,
} from './kurento.ts';
import type { Ledger } from './ledger.ts';

const WEBRTC_ENDPOINT = {
  name: 'WebRtcEndpoint',
  hierarchy: ['kurento.MediaElement', 'kurento.MediaObject'],
  events: [
    ...MEDIA_ELEMENT_EVENTS,
    'ConnectionStateChanged',
    'DtlsConnectionStateChange',
    'IceCandidateFound',
    'IceComponentStateChanged',
    'IceGatheringDone',
    'MediaStateChanged',
    'NewCandidatePairSelected',
  ],
};

const COUNTED = { AUDIO: 'audioLinks', VIDEO: 'videoLinks', DATA: undefined } as const;

export interface Accounts {
  readonly host: ObjectHost;
  readonly ledger: Ledger;
  /** By the ICE user fragments of the offers that they answer. */
  readonly endpoints: Map<string, CountingEndpoint>;
  /** Of the certificate that all endpoints would show. */
  readonly fingerprint: string;
}

let endpointCount = 0;

/** A WebRtcEndpoint that negotiates and is linked, and counts that. Its peer connects when told to. */
export class CountingEndpoint extends MediaElement {
  readonly #accounts: Accounts;
  readonly #transport: TransportEvents;
  readonly #properties = new EndpointProperties();
  #answer: Answer | undefined;
  #isGathered = false;
  #isClosed = false;

  constructor(accounts: Accounts, pipeline: MediaPipeline) {
    super(accounts.host, WEBRTC_ENDPOINT, `${pipeline.id}/${randomUUID()}_kurento.WebRtcEndpoint`, pipeline);
    this.#accounts = accounts;
    this.#transport = new TransportEvents(endpointCount++, (type, data) => this.#emit(type, data));
    accounts.ledger.add('endpoints', 1);
  }

  override close(): void {
    super.close();
    this.#isClosed = true;
    this.#accounts.ledger.add('endpoints', -1);
    if (this.remoteUfrag !== undefined) this.#accounts.endpoints.delete(this.remoteUfrag);
  }

  /** By which a browser knows its peer connection. */
  get remoteUfrag(): string | undefined {
    return this.#answer?.remoteUfrag;
  }

  /** Where it has media of a type from. */
  source(type: MediaType): CountingEndpoint | undefined {
    const source = this.sourceOf(type);
    return source instanceof CountingEndpoint ? source : undefined;
  }

  /** The peer has got the answer: it reaches this endpoint, and media may flow. */
  peerConnects(): void {
    if (this.#transport.connected) return;
    this.#transport.checking();
    this.#transport.dtls('CONNECTING');
    this.#transport.dtls('CONNECTED');
    this.#emit('MediaStateChanged', { oldState: 'DISCONNECTED', newState: 'CONNECTED' });
    for (const mediaType of this.#answer?.received ?? []) {
      this.#emit('MediaFlowOutStateChanged', { mediaType, padName: 'default', state: 'FLOWING' });
    }
  }

  protected ownOperations(): [string, Operation][] {
    return [
      ...this.elementOperations(),
      ...this.#properties.operations(),
      ['processOffer', { parameters: ['offer'], run: (given) => this.#processOffer(given.string('offer')) }],
      ['getLocalSessionDescriptor', read(() => this.#localDescription())],
      ['gatherCandidates', act([], () => this.#gatherCandidates())],
      ['addIceCandidate', act(['candidate'], (given) => this.#addIceCandidate(given))],
      ['getConnectionState', read(() => (this.#transport.connected ? 'CONNECTED' : 'DISCONNECTED'))],
      ['requestKeyframe', act([], () => this.#requestKeyFrame())],
      ['getStats', { parameters: ['mediaType'], run: () => endpointStats(this.id, [], this.host.now()) }],
    ];
  }

  protected linked(_sink: MediaElement, type: MediaType): void {
    this.#count(type, 1);
  }

  protected sourceLost(type: MediaType): void {
    this.#count(type, -1);
  }

  protected isFlowing(direction: 'in' | 'out', type: MediaType): boolean {
    return this.#transport.connected && (direction === 'out' || this.sourceOf(type) !== undefined);
  }

  #count(type: MediaType, change: 1 | -1): void {
    const counted = COUNTED[type];
    if (counted) this.#accounts.ledger.add(counted, change);
  }

  #processOffer(offer: string): string {
    if (this.#answer) throw alreadyNegotiated();
    if (offer === '') throw invalidSdp('Empty offer not valid');
    this.#answer = new Answer(offer, this.#accounts.fingerprint);
    if (this.remoteUfrag !== undefined) this.#accounts.endpoints.set(this.remoteUfrag, this);
    return this.#answer.sdp(false);
  }

  #localDescription(): string {
    if (!this.#answer) throw noLocalSdp();
    return this.#answer.sdp(this.#isGathered);
  }

  #gatherCandidates(): void {
    const { sections } = this.#answer ?? {};
    if (!sections || !this.#transport.gathering()) return;
    // What is found is told after the reply, as Kurento does.
    setImmediate(() => {
      if (this.#isClosed) return;
      this.#isGathered = true;
      this.#transport.candidateFound(Answer.candidate, sections);
      this.#emit('IceGatheringDone', {});
    });
  }

  #addIceCandidate(given: Parameters): void {
    const mid = new Parameters(given.object('candidate')).string('sdpMid');
    if (this.#answer && !this.#answer.sections.some((section) => section.mid === mid)) throw candidateRefused();
  }

  #requestKeyFrame(): void {
    if (!this.source('VIDEO')) throw keyFrameRefused();
  }

  #emit(type: string, data: JsonObject): void {
    this.host.emit(this, type, data);
  }
}
