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
  /** Of the certificate that all endpoints would show. */
  readonly fingerprint: string;
}

let endpointCount = 0;

/** A WebRtcEndpoint that negotiates and is linked, counts that, and takes its peer for connected once it has answered. */
export class CountingEndpoint extends MediaElement {
  readonly #accounts: Accounts;
  readonly #transport: TransportEvents;
  readonly #properties = new EndpointProperties();
  #answer: Answer | undefined;
  #isGathered = false;
  #isConnecting = false;
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
    return this.#answer.sdp(false);
  }

  #localDescription(): string {
    if (!this.#answer) throw noLocalSdp();
    // Who has fetched the answer with its candidates gives it to the peer.
    if (this.#isGathered) this.#connect();
    return this.#answer.sdp(this.#isGathered);
  }

  #gatherCandidates(): void {
    if (!this.#answer || !this.#transport.gathering()) return;
    const { sections } = this.#answer;
    this.#afterReply(() => {
      this.#isGathered = true;
      this.#transport.candidateFound(Answer.candidate, sections);
      this.#emit('IceGatheringDone', {});
    });
  }

  #connect(): void {
    if (this.#isConnecting) return;
    this.#isConnecting = true;
    this.#afterReply(() => {
      this.#transport.checking();
      this.#transport.dtls('CONNECTING');
      this.#transport.dtls('CONNECTED');
      this.#emit('MediaStateChanged', { oldState: 'DISCONNECTED', newState: 'CONNECTED' });
    });
  }

  #afterReply(happen: () => void): void {
    setImmediate(() => {
      if (!this.#isClosed) happen();
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
