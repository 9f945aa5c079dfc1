import { randomInt, randomUUID } from 'node:crypto';
import type { RtpPacket } from 'werift';
import { parseCandidate } from '../media/candidates.ts';
import type { MediaLine } from '../media/media-line.ts';
import { Peer, type PeerObserver } from '../media/peer.ts';
import type { TransportOptions } from '../media/transport.ts';
import { candidateRefused, keyFrameRefused } from '../rpc/errors.ts';
import type { Json, JsonObject } from '../rpc/json.ts';
import { Parameters } from '../rpc/params.ts';
import type { EndpointDirection, MediaKind } from '../sdp/negotiate.ts';
import { EndpointProperties } from './endpoint-properties.ts';
import { endpointStats } from './endpoint-stats.ts';
import { MEDIA_ELEMENT_EVENTS, MEDIA_TYPES, MediaElement, type MediaType } from './media-element.ts';
import { act, type ObjectHost, type Operation, read } from './media-object.ts';
import type { MediaPipeline } from './media-pipeline.ts';
import { Negotiation } from './negotiation.ts';
import { TransportEvents } from './transport-events.ts';

const WEBRTC_ENDPOINT = {
  name: 'WebRtcEndpoint',
  hierarchy: ['BaseRtpEndpoint', 'SdpEndpoint', 'SessionEndpoint', 'Endpoint', 'MediaElement', 'MediaObject'].map(
    (name) => `kurento.${name}`,
  ),
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

const KINDS: Record<MediaType, MediaKind | undefined> = { AUDIO: 'audio', VIDEO: 'video', DATA: undefined };
const TYPES: Record<MediaKind, MediaType> = { audio: 'AUDIO', video: 'VIDEO' };

let endpointCount = 0;

/** One browser's peer connection: a publication, or a subscription to one. */
export class WebRtcEndpoint extends MediaElement {
  private readonly peer: Peer;
  private readonly negotiation: Negotiation;
  private readonly transportEvents: TransportEvents;
  private readonly properties = new EndpointProperties();
  private readonly number = endpointCount++;
  private readonly announced = new Set<MediaType>();

  constructor(host: ObjectHost, pipeline: MediaPipeline, direction: EndpointDirection, transport: TransportOptions) {
    super(host, WEBRTC_ENDPOINT, `${pipeline.id}/${randomUUID()}_kurento.WebRtcEndpoint`, pipeline);
    const emit = (type: string, data: JsonObject) => host.emit(this, type, data);
    this.transportEvents = new TransportEvents(this.number, emit);
    this.peer = new Peer(transport, `user${randomInt(2 ** 32)}@localhost`, this.observer(emit));
    this.negotiation = new Negotiation(this.peer, direction, host.now());
  }

  override close(): void {
    super.close();
    void this.peer.close();
  }

  protected ownOperations(): [string, Operation][] {
    const { negotiation } = this;
    return [
      ...this.elementOperations(),
      ...this.properties.operations(),
      ['processOffer', { parameters: ['offer'], run: (given) => this.processOffer(given.string('offer')) }],
      ['processAnswer', { parameters: ['answer'], run: (given) => this.processAnswer(given.string('answer')) }],
      ['generateOffer', { parameters: ['options'], run: (given) => this.generateOffer(given) }],
      ['getLocalSessionDescriptor', read(() => negotiation.localDescription())],
      ['getRemoteSessionDescriptor', read(() => negotiation.remoteDescription())],
      ['gatherCandidates', act([], () => this.gatherCandidates())],
      ['addIceCandidate', act(['candidate'], (given) => this.addIceCandidate(given))],
      ['getConnectionState', read(() => (this.transportEvents.connected ? 'CONNECTED' : 'DISCONNECTED'))],
      ['getMediaState', read(() => (this.peer.mediaConnected ? 'CONNECTED' : 'DISCONNECTED'))],
      ['getIceConnectionState', read(() => this.transportEvents.iceConnections())],
      ['getICECandidatePairs', read(() => this.transportEvents.candidatePairs())],
      ['requestKeyframe', act([], () => this.requestKeyFrame())],
      ['getStats', { parameters: ['mediaType'], run: (given) => this.stats(given) }],
    ];
  }

  protected linked(sink: MediaElement, type: MediaType): void {
    this.announceCodecPath(type);
    if (type === 'VIDEO' && sink instanceof WebRtcEndpoint && sink.peer.connected) this.wantKeyFrame();
  }

  protected sourceLost(type: MediaType): void {
    this.lineOf(type)?.interrupt();
  }

  protected isFlowing(direction: 'in' | 'out', type: MediaType): boolean {
    return this.lineOf(type)?.isFlowing(direction) ?? false;
  }

  private observer(emit: (type: string, data: JsonObject) => void): PeerObserver {
    const events = this.transportEvents;
    return {
      checking: () => events.checking(),
      candidateFound: (line) => events.candidateFound(line, this.negotiation.sections),
      gatheringDone: () => emit('IceGatheringDone', {}),
      pairSelected: (local, remote) => events.pairSelected(local, remote),
      dtls: (state) => {
        events.dtls(state);
        if (state === 'CONNECTED') this.sourceEndpoint('VIDEO')?.wantKeyFrame();
      },
      mediaState: (connected) => emit('MediaStateChanged', stateChange(connected)),
      flow: (direction, kind, flowing) => this.flowChanged(direction, TYPES[kind], flowing),
      received: (kind, packet, codec) => this.forward(TYPES[kind], packet, codec),
      keyFrameWanted: () => this.sourceEndpoint('VIDEO')?.wantKeyFrame(),
      bitrateLimit: () => this.bitrateLimit(),
    };
  }

  private forward(type: MediaType, packet: RtpPacket, codec: string): void {
    for (const sink of this.sinksOf(type)) {
      if (sink instanceof WebRtcEndpoint) sink.lineOf(type)?.send(packet, codec);
    }
  }

  private processOffer(offer: string): string {
    const answer = this.negotiation.processOffer(offer);
    this.negotiated();
    return answer;
  }

  private processAnswer(answer: string): string {
    const local = this.negotiation.processAnswer(answer);
    this.negotiated();
    return local;
  }

  private negotiated(): void {
    for (const type of MEDIA_TYPES) this.sourceEndpoint(type)?.announceCodecPath(type);
  }

  private generateOffer(given: Parameters): string {
    const options = new Parameters(given.has('options') ? given.object('options') : {});
    const wants = (name: string) => !options.has(name) || options.boolean(name);
    const media: MediaKind[] = [];
    if (wants('offerToReceiveAudio')) media.push('audio');
    if (wants('offerToReceiveVideo')) media.push('video');
    return this.negotiation.generateOffer(media);
  }

  private gatherCandidates(): void {
    if (!this.negotiation.started || !this.transportEvents.gathering()) return;
    this.peer.transport.gather().catch((error: unknown) => console.error('gathering failed', error));
  }

  private addIceCandidate(given: Parameters): void {
    const candidate = new Parameters(given.object('candidate'));
    const text = candidate.string('candidate');
    const mid = candidate.string('sdpMid');
    candidate.integer('sdpMLineIndex');
    if (!this.negotiation.started) return;
    if (!this.negotiation.knowsMid(mid)) throw candidateRefused();
    const parsed = parseCandidate(text);
    if (!parsed) return;
    this.negotiation.noteCandidate(mid, text);
    this.peer.transport.addRemoteCandidate(parsed.address, parsed.line);
  }

  private requestKeyFrame(): void {
    const source = this.sourceEndpoint('VIDEO');
    if (!source) throw keyFrameRefused();
    source.wantKeyFrame();
  }

  private wantKeyFrame(): void {
    this.lineOf('VIDEO')?.requestKeyFrame();
  }

  /** The lowest limit among the subscribers; a publisher whom nobody watches is held to the default. */
  private bitrateLimit(): number {
    const limits = [...this.sinksOf('VIDEO')].flatMap((sink) =>
      sink instanceof WebRtcEndpoint ? [sink.properties.maxVideoSendBandwidth] : [],
    );
    if (limits.length === 0) limits.push(new EndpointProperties().maxVideoSendBandwidth);
    const kbits = [...limits, this.properties.maxVideoRecvBandwidth].filter((limit) => limit > 0);
    return Math.min(UNLIMITED_BITRATE, ...kbits.map((limit) => limit * 1000));
  }

  private flowChanged(direction: 'in' | 'out', mediaType: MediaType, flowing: boolean): void {
    const state = flowing ? 'FLOWING' : 'NOT_FLOWING';
    const type = direction === 'in' ? 'MediaFlowInStateChanged' : 'MediaFlowOutStateChanged';
    this.host.emit(this, type, { mediaType, padName: 'default', state });
    if (direction === 'out') this.announceCodecPath(mediaType);
  }

  /** Kurento tells once per medium, as soon as media flow to a first negotiated sink, how they get there. */
  private announceCodecPath(mediaType: MediaType): void {
    const reached = [...this.sinksOf(mediaType)].some(
      (sink) => sink instanceof WebRtcEndpoint && sink.lineOf(mediaType),
    );
    if (!reached || this.announced.has(mediaType) || !this.isFlowing('out', mediaType)) return;
    this.announced.add(mediaType);
    const binName = `kmswebrtcendpoint${this.number}_kmsagnosticbin2-${MEDIA_TYPES.indexOf(mediaType)}`;
    this.host.emit(this, 'MediaTranscodingStateChanged', { binName, mediaType, state: 'NOT_TRANSCODING' });
  }

  private stats(given: Parameters): Json {
    const types = given.has('mediaType') ? [given.oneOf('mediaType', 'MediaType', MEDIA_TYPES)] : MEDIA_TYPES;
    const lines = types.flatMap((type) => this.lineOf(type) ?? []);
    return endpointStats(this.id, lines, this.host.now());
  }

  private lineOf(type: MediaType): MediaLine | undefined {
    const kind = KINDS[type];
    return kind && this.peer.line(kind);
  }

  private sourceEndpoint(type: MediaType): WebRtcEndpoint | undefined {
    const source = this.sourceOf(type);
    return source instanceof WebRtcEndpoint ? source : undefined;
  }
}

/** More than any room here sends. */
const UNLIMITED_BITRATE = 10_000_000;

function stateChange(connected: boolean): JsonObject {
  const [oldState, newState] = connected ? ['DISCONNECTED', 'CONNECTED'] : ['CONNECTED', 'DISCONNECTED'];
  return { newState, oldState };
}
