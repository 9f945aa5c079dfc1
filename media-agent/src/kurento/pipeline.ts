import type { MediaPipeline, WebRtcEndpoint } from 'kurento-client';
import type { Call } from './calls.ts';
import { Endpoint, type EndpointOptions } from './endpoint.ts';
import { release, takeOverSubscribing } from './media-object.ts';

export class Pipeline {
  readonly id: string;
  readonly #media: MediaPipeline;
  readonly #call: Call;

  constructor(media: MediaPipeline, call: Call) {
    this.id = media.id;
    this.#media = media;
    this.#call = call;
    takeOverSubscribing(media);
  }

  /**
   * Without Kurento's `recvonly`/`sendonly`: they shape the offers that it generates, while its answers follow the
   * direction of the browser's offer.
   */
  async createEndpoint(options: EndpointOptions): Promise<Endpoint> {
    const { media } = await this.#call<{ media: WebRtcEndpoint }>('create WebRtcEndpoint', (answer) =>
      this.#media.create('WebRtcEndpoint', {}, (error, media) => answer(error, { media })),
    );
    return new Endpoint(media, this.#call, options);
  }

  /** Releases the endpoints in it as well. */
  async release(): Promise<void> {
    await this.#call('release', release(this.#media));
  }
}
