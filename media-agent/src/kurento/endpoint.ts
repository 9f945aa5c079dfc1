import { EventEmitter } from 'node:events';
import type { IceCandidate, MediaType, WebRtcEndpoint } from 'kurento-client';
import type { Call } from './calls.ts';
import { release, request, subscribe, takeOverSubscribing } from './media-object.ts';
import type { Candidate, Direction, Endpoint, EndpointEvents, EndpointOptions, Flow, MediaKind } from './media-port.ts';
import { MediaServerError } from './media-server-error.ts';

/** The state events that Kurento sends at all for a direction: media comes *out of* a publication *into* the pipeline. */
const STATE_EVENTS: Record<Direction, readonly string[]> = {
  publish: ['MediaFlowOutStateChanged', 'MediaStateChanged', 'MediaTranscodingStateChanged', 'Error'],
  subscribe: ['MediaFlowInStateChanged', 'MediaStateChanged', 'Error'],
};

interface StateEvent {
  mediaType: MediaType;
  state: string;
}

const KINDS: readonly MediaKind[] = ['audio', 'video'];

const kindOf = ({ mediaType }: StateEvent): MediaKind => (mediaType === 'AUDIO' ? 'audio' : 'video');
const mediaTypeOf = (kind: MediaKind | undefined): { mediaType?: MediaType } =>
  kind === undefined ? {} : { mediaType: kind === 'audio' ? 'AUDIO' : 'VIDEO' };

/** One WebRtcEndpoint. */
export class KurentoEndpoint extends EventEmitter<EndpointEvents> implements Endpoint {
  readonly id: string;
  readonly #media: WebRtcEndpoint;
  readonly #call: Call;
  readonly #options: EndpointOptions;
  readonly #gatheringBegun: Promise<void>;
  #beginTrickle: () => void = () => {};
  #released = false;
  #watched = false;

  constructor(media: WebRtcEndpoint, call: Call, options: EndpointOptions) {
    super();
    this.id = media.id;
    this.#media = media;
    this.#call = call;
    this.#options = options;
    this.#gatheringBegun = new Promise((resolve) => {
      this.#beginTrickle = resolve;
    });
    takeOverSubscribing(media);
    this.#translateEvents();
    // An emitter throws an 'error' that nobody listens for; here it is news, and news may go unheard.
    this.on('error', () => {});
  }

  get watched(): boolean {
    return this.#watched;
  }

  /** It has its answer from another process. */
  goOn({ watched }: { watched: boolean }): void {
    this.#beginTrickle();
    if (watched) this.#watched = true;
    else void this.#watchState();
  }

  /** The answer with all of Kurento's candidates in it. */
  async answer(offer: string, signal?: AbortSignal): Promise<string> {
    const media = this.#media;
    try {
      await Promise.all([
        this.#subscribe('IceGatheringDone', signal),
        this.#subscribe('DtlsConnectionStateChange', signal),
        this.#call<string>('processOffer', (answer) => media.processOffer(offer, answer), signal),
      ]);
      await Promise.all([this.#gatheringDone(signal), this.#gatherCandidates(signal)]);
      const description = await this.#call<string>(
        'getLocalSessionDescriptor',
        (answer) => media.getLocalSessionDescriptor(answer),
        signal,
      );
      void this.#watchState();
      return description;
    } finally {
      this.#beginTrickle();
    }
  }

  /** Candidates wait until gathering has begun. One that Kurento refuses is no reason to fail: it comes back as a value. */
  async addCandidate(candidate: Candidate): Promise<MediaServerError | undefined> {
    const iceCandidate: IceCandidate = { ...candidate, __module__: 'kurento', __type__: 'IceCandidate' };
    await this.#gatheringBegun;
    try {
      await this.#call('addIceCandidate', (answer) => this.#media.addIceCandidate(iceCandidate, answer));
      return undefined;
    } catch (error) {
      if (error instanceof MediaServerError) return error;
      throw error;
    }
  }

  /** Media flows from this publication to a subscription; without a kind, both kinds. */
  async connectTo(sink: { readonly id: string }, kind?: MediaKind): Promise<void> {
    await this.#invoke('connect', { sink: sink.id, ...mediaTypeOf(kind) });
  }

  async disconnectFrom(sink: { readonly id: string }, kind?: MediaKind): Promise<void> {
    await this.#invoke('disconnect', { sink: sink.id, ...mediaTypeOf(kind) });
  }

  /** On a subscription only: Kurento rejects it on a publication. */
  async requestKeyframe(): Promise<void> {
    await this.#call('requestKeyframe', (answer) => this.#media.requestKeyframe(answer));
  }

  async setMaxVideoSendBandwidth(kbps: number): Promise<void> {
    await this.#call('setMaxVideoSendBandwidth', (answer) => this.#media.setMaxVideoSendBandwidth(kbps, answer));
  }

  async setMinVideoSendBandwidth(kbps: number): Promise<void> {
    await this.#call('setMinVideoSendBandwidth', (answer) => this.#media.setMinVideoSendBandwidth(kbps, answer));
  }

  async setMaxVideoRecvBandwidth(kbps: number): Promise<void> {
    await this.#call('setMaxVideoRecvBandwidth', (answer) => this.#media.setMaxVideoRecvBandwidth(kbps, answer));
  }

  /** Kurento's statistics records by their ids. */
  async stats(): Promise<Record<string, Record<string, unknown>>> {
    return this.#call('getStats', (answer) => this.#media.getStats(answer));
  }

  async sources(): Promise<Partial<Record<MediaKind, string>>> {
    const connections = await this.#invoke<{ type: string; source: string }[]>('getSourceConnections');
    const source = (type: MediaType) => connections.find((connection) => connection.type === type)?.source;
    const [audio, video] = [source('AUDIO'), source('VIDEO')];
    return { ...(audio !== undefined && { audio }), ...(video !== undefined && { video }) };
  }

  async retell(): Promise<void> {
    // One after the other: an event that comes in between is newer than what was asked before, and must not be told first.
    if ((await this.#invoke('getConnectionState')) !== 'CONNECTED') return;
    this.emit('connected');
    if (this.#options.direction === 'subscribe') return;
    if ((await this.#invoke('getMediaState')) === 'DISCONNECTED') this.emit('disconnected');
    for (const kind of KINDS) {
      const flowing = await this.#invoke<boolean>('isMediaFlowingOut', mediaTypeOf(kind));
      this.emit('flow', { direction: 'out', kind, flowing });
    }
  }

  async release(): Promise<void> {
    this.#released = true;
    this.#beginTrickle();
    await this.#call('release', release(this.#media));
  }

  async #invoke<T>(operation: string, operationParams?: object): Promise<T> {
    const params = { object: this.id, operation, ...(operationParams && { operationParams }) };
    return this.#call(operation, request<T>(this.#media, 'invoke', params));
  }

  async #subscribe(type: string, signal?: AbortSignal): Promise<void> {
    await this.#call(`subscribe ${type}`, subscribe(this.#media, type), signal);
  }

  #gatheringDone(signal?: AbortSignal): Promise<void> {
    return this.#call<void>(
      'IceGatheringDone',
      (answer) => this.#media.once('IceGatheringDone', () => answer(undefined, undefined)),
      signal,
    );
  }

  async #gatherCandidates(signal?: AbortSignal): Promise<void> {
    await this.#call('gatherCandidates', (answer) => this.#media.gatherCandidates(answer), signal);
    this.#beginTrickle();
  }

  /** None of this can matter before the browser has the answer, which therefore does not wait for it. */
  async #watchState(): Promise<void> {
    try {
      await Promise.all(STATE_EVENTS[this.#options.direction].map((type) => this.#subscribe(type)));
      this.#watched = true;
      await this.#call('setName', (answer) => this.#media.setName(this.#options.name, answer));
    } catch (error) {
      if (!this.#released && error instanceof MediaServerError) this.emit('error', error);
    }
  }

  #translateEvents(): void {
    const media = this.#media;
    const once = new Set<string>();
    // DTLS reports each state twice, for the encoder and the decoder, within a millisecond of each other.
    media.on('DtlsConnectionStateChange', ({ state }: StateEvent) => {
      if (once.has(state)) return;
      once.add(state);
      if (state === 'CONNECTED') this.emit('connected');
      if (state === 'CLOSED') this.emit('closed');
    });
    media.on('MediaStateChanged', ({ newState }: { newState: string }) => {
      if (newState === 'DISCONNECTED') this.emit('disconnected');
    });
    const flow = (direction: Flow['direction']) => (event: StateEvent) =>
      this.emit('flow', { direction, kind: kindOf(event), flowing: event.state === 'FLOWING' });
    media.on('MediaFlowInStateChanged', flow('in'));
    media.on('MediaFlowOutStateChanged', flow('out'));
    media.on('MediaTranscodingStateChanged', (event: StateEvent) =>
      this.emit('transcoding', { kind: kindOf(event), transcoding: event.state === 'TRANSCODING' }),
    );
    media.on('Error', (event: { type: string; description: string; errorCode: number }) =>
      this.emit('error', new MediaServerError('media-failed', `${event.type}: ${event.description}`)),
    );
  }
}
