import { EventEmitter } from 'node:events';
import type { IceCandidate, MediaType, WebRtcEndpoint } from 'kurento-client';
import type { Call } from './calls.ts';
import { release, subscribe, takeOverSubscribing } from './media-object.ts';
import { MediaServerError } from './media-server-error.ts';

export type MediaKind = 'audio' | 'video';

/** What the browser does with this endpoint: a publication comes in, a subscription goes out. */
export type Direction = 'publish' | 'subscribe';

export interface EndpointOptions {
  name: string;
  direction: Direction;
}

export interface Candidate {
  candidate: string;
  sdpMid: string;
  sdpMLineIndex: number;
}

export interface Flow {
  direction: 'in' | 'out';
  kind: MediaKind;
  flowing: boolean;
}

export interface Transcoding {
  kind: MediaKind;
  transcoding: boolean;
}

export type EndpointEvents = {
  /** The transport stands (DTLS is up): a subscription connected to its source now loses no key frame. */
  connected: [];
  /** The browser closed its peer connection. */
  closed: [];
  /** No media for ~25 s. On a subscription it can also mean that the source is gone. */
  disconnected: [];
  flow: [flow: Flow];
  transcoding: [transcoding: Transcoding];
  error: [error: MediaServerError];
};

/** The state events that Kurento sends at all for a direction: media comes *out of* a publication *into* the pipeline. */
const STATE_EVENTS: Record<Direction, readonly string[]> = {
  publish: ['MediaFlowOutStateChanged', 'MediaStateChanged', 'MediaTranscodingStateChanged', 'Error'],
  subscribe: ['MediaFlowInStateChanged', 'MediaStateChanged', 'Error'],
};

interface StateEvent {
  mediaType: MediaType;
  state: string;
}

const kindOf = ({ mediaType }: StateEvent): MediaKind => (mediaType === 'AUDIO' ? 'audio' : 'video');
const mediaTypeOf = (kind: MediaKind | undefined): MediaType | undefined =>
  kind && (kind === 'audio' ? 'AUDIO' : 'VIDEO');

/** One WebRtcEndpoint: Kurento's half of one peer connection, which answers one offer in its life. */
export class Endpoint extends EventEmitter<EndpointEvents> {
  readonly id: string;
  readonly #media: WebRtcEndpoint;
  readonly #call: Call;
  readonly #options: EndpointOptions;
  readonly #gatheringBegun: Promise<void>;
  #beginTrickle: () => void = () => {};
  #released = false;

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
  async connectTo(sink: Endpoint, kind?: MediaKind): Promise<void> {
    await this.#call('connect', (answer) => this.#media.connect(sink.#media, mediaTypeOf(kind), answer));
  }

  async disconnectFrom(sink: Endpoint, kind?: MediaKind): Promise<void> {
    await this.#call('disconnect', (answer) => this.#media.disconnect(sink.#media, mediaTypeOf(kind), answer));
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

  async release(): Promise<void> {
    this.#released = true;
    this.#beginTrickle();
    await this.#call('release', release(this.#media));
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
