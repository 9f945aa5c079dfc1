/**
 * What we use of kurento-client 7.2.0, as its source has it (@types/kurento-client describes 6.x). A `MediaObject` is
 * a thenable that resolves to a plain copy of itself: no promise may be resolved with one.
 */
declare module 'kurento-client' {
  import type { EventEmitter } from 'node:events';
  import type { Reconnection } from 'reconnect-ws';
  import type { ClientOptions } from 'ws';

  export interface ClientSettings {
    strict: boolean;
    request_timeout: number;
    duplicates_timeout: number;
    socket: ClientOptions;
  }

  export type Answer<T> = (error: unknown, result: T) => void;

  export interface MediaObject extends EventEmitter {
    readonly id: string;
    setName(name: string, answer: Answer<unknown>): void;
    addTag(key: string, value: string, answer: Answer<unknown>): void;
    emit(
      event: '_rpc',
      transaction: undefined,
      method: string,
      params: object,
      answer: Answer<{ value: unknown }>,
    ): boolean;
    emit(event: 'release'): boolean;
  }

  export interface MediaPipeline extends MediaObject {
    create(type: 'WebRtcEndpoint', params: Record<string, never>, answer: Answer<WebRtcEndpoint>): void;
  }

  export interface IceCandidate {
    candidate: string;
    sdpMid: string;
    sdpMLineIndex: number;
    __module__: 'kurento';
    __type__: 'IceCandidate';
  }

  export type MediaType = 'AUDIO' | 'VIDEO';

  export interface WebRtcEndpoint extends MediaObject {
    processOffer(offer: string, answer: Answer<string>): void;
    gatherCandidates(answer: Answer<unknown>): void;
    getLocalSessionDescriptor(answer: Answer<string>): void;
    addIceCandidate(candidate: IceCandidate, answer: Answer<unknown>): void;
    requestKeyframe(answer: Answer<unknown>): void;
    setMaxVideoSendBandwidth(kbps: number, answer: Answer<unknown>): void;
    setMinVideoSendBandwidth(kbps: number, answer: Answer<unknown>): void;
    setMaxVideoRecvBandwidth(kbps: number, answer: Answer<unknown>): void;
    getStats(answer: Answer<Record<string, Record<string, unknown>>>): void;
  }

  export interface ServerInfo {
    version: string;
    type: string;
    capabilities: string[];
    modules: { name: string; version: string }[];
  }

  export type ServerManager = MediaObject;

  export default class KurentoClient {
    constructor(uri: string, settings: ClientSettings);
    readonly _re: Reconnection;
    readonly sessionId: string | undefined;
    create(type: 'MediaPipeline', answer: Answer<MediaPipeline>): void;
    /** Asks for its type, and dispatches its events from then on. */
    getMediaobjectById(id: string, answer: Answer<MediaObject>): void;
    getServerManager(answer: Answer<ServerManager>): void;
    /** Forgets the objects it dispatches events to. */
    _resetCache(): void;
    close(): void;
  }
}
