import type { MediaObject, MediaPipeline, WebRtcEndpoint } from 'kurento-client';
import type { Call } from './calls.ts';
import { KurentoEndpoint } from './endpoint.ts';
import { release, request, takeOverSubscribing } from './media-object.ts';
import type { AdoptedOptions, EndpointOptions, Pipeline } from './media-port.ts';

/** Gives an object of the session that another process has made. */
export type Find = <M extends MediaObject>(id: string) => Promise<{ media: M }>;

export class KurentoPipeline implements Pipeline {
  readonly id: string;
  readonly #media: MediaPipeline;
  readonly #call: Call;
  readonly #find: Find;

  constructor(media: MediaPipeline, call: Call, find: Find) {
    this.id = media.id;
    this.#media = media;
    this.#call = call;
    this.#find = find;
    takeOverSubscribing(media);
  }

  /**
   * Without Kurento's `recvonly`/`sendonly`: they shape the offers that it generates, while its answers follow the
   * direction of the browser's offer.
   */
  async createEndpoint(options: EndpointOptions): Promise<KurentoEndpoint> {
    const { media } = await this.#call<{ media: WebRtcEndpoint }>('create WebRtcEndpoint', (answer) =>
      this.#media.create('WebRtcEndpoint', {}, (error, media) => answer(error, { media })),
    );
    return new KurentoEndpoint(media, this.#call, options);
  }

  async adoptEndpoint(id: string, options: AdoptedOptions): Promise<KurentoEndpoint> {
    const { media } = await this.#find<WebRtcEndpoint>(id);
    const endpoint = new KurentoEndpoint(media, this.#call, options);
    endpoint.goOn(options);
    return endpoint;
  }

  endpoints(): Promise<string[]> {
    const getChildren = { object: this.id, operation: 'getChildren' };
    return this.#call('getChildren', request(this.#media, 'invoke', getChildren));
  }

  async releaseEndpoint(id: string): Promise<void> {
    await this.#call('release', request(this.#media, 'release', { object: id }));
  }

  /** Releases the endpoints in it as well. */
  async release(): Promise<void> {
    await this.#call('release', release(this.#media));
  }
}
