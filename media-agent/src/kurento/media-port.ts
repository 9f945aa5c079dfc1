import type { EventEmitter } from 'node:events';
import type { MediaServerError } from './media-server-error.ts';

/** What the agent needs of a media server. Kurento is one (`MediaServer`); a simulation is another. */

export type MediaKind = 'audio' | 'video';

/** What the browser does with an endpoint: a publication comes in, a subscription goes out. */
export type Direction = 'publish' | 'subscribe';

export interface EndpointOptions {
  name: string;
  direction: Direction;
}

export interface AdoptedOptions extends EndpointOptions {
  watched: boolean;
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

/** The media server's half of one peer connection, which answers one offer in its life. */
export interface Endpoint extends Pick<EventEmitter<EndpointEvents>, 'on'> {
  readonly id: string;
  /** Its events are subscribed to, for whichever process has the session. */
  readonly watched: boolean;
  /** The answer with all of the server's candidates in it. */
  answer(offer: string, signal?: AbortSignal): Promise<string>;
  /** A candidate that is refused is no reason to fail: it comes back as a value. */
  addCandidate(candidate: Candidate): Promise<MediaServerError | undefined>;
  /** Media flows from this publication to a subscription; without a kind, both kinds. */
  connectTo(sink: { readonly id: string }, kind?: MediaKind): Promise<void>;
  disconnectFrom(sink: { readonly id: string }, kind?: MediaKind): Promise<void>;
  /** In kbit/s. */
  setMaxVideoSendBandwidth(kbps: number): Promise<void>;
  setMaxVideoRecvBandwidth(kbps: number): Promise<void>;
  /** What media come from, of each kind: the ids of their sources. */
  sources(): Promise<Partial<Record<MediaKind, string>>>;
  /** Tells once more, by its events, how it is: those of a time without a connection went nowhere. */
  retell(): Promise<void>;
  release(): Promise<void>;
}

export interface Pipeline {
  readonly id: string;
  createEndpoint(options: EndpointOptions): Promise<Endpoint>;
  /** One that another process of the same session has made and had answered. */
  adoptEndpoint(id: string, options: AdoptedOptions): Promise<Endpoint>;
  /** The ids of all that is in it. */
  endpoints(): Promise<string[]>;
  /** Whoever made it. An unknown id counts as released. */
  releaseEndpoint(id: string): Promise<void>;
  /** Releases the endpoints in it as well. */
  release(): Promise<void>;
}

export interface PipelineOptions {
  name: string;
  tags?: Record<string, string>;
}

export interface PipelineInfo {
  id: string;
  name: string;
  tags: Record<string, string>;
}

/** What makes a session at the media server another process's: what it holds lives on there, for some minutes. */
export interface MediaSession {
  id: string;
  /** Not used for any request yet: the server answers a number that it has seen with what it answered then. */
  nextRequest: number;
}

export type MediaEvents = {
  /** For the first time. */
  connected: [];
  lost: [];
  /**
   * With another session everything created before is gone: its calls reject with 'session-lost'. With the same one it
   * is as before, except that the events of the meantime went nowhere.
   */
  reconnected: [{ sameSession: boolean }];
};

export interface MediaPort extends Pick<EventEmitter<MediaEvents>, 'on'> {
  /** Undefined until something has been created. */
  readonly session: MediaSession | undefined;
  /** It goes on with the session that it was given: what that holds can be adopted. */
  readonly resumed: boolean;
  createPipeline(options: PipelineOptions): Promise<Pipeline>;
  /** One that another process of the same session has made. */
  adoptPipeline(id: string): Promise<Pipeline>;
  /** Every pipeline on the server but those, whoever created it. */
  pipelines(except: ReadonlySet<string>): Promise<PipelineInfo[]>;
  /** Whoever made it. An unknown id counts as released. */
  releasePipeline(id: string): Promise<void>;
  close(): void;
}
