import type { TransportOptions } from '../media/transport.ts';
import { factoryNotFound, unexpected } from '../rpc/errors.ts';
import type { Parameters } from '../rpc/params.ts';
import type { EndpointDirection } from '../sdp/negotiate.ts';
import type { MediaObject, ObjectHost } from './media-object.ts';
import { MediaPipeline } from './media-pipeline.ts';
import { WebRtcEndpoint } from './webrtc-endpoint.ts';

/** Makes the objects that the engine has; recording, mixing and transcoding need a real Kurento. */
export class Factory {
  private readonly host: ObjectHost;
  private readonly transport: TransportOptions;

  constructor(host: ObjectHost, transport: TransportOptions) {
    this.host = host;
    this.transport = transport;
  }

  create(type: string, given: Parameters): MediaObject {
    if (type === 'MediaPipeline') return new MediaPipeline(this.host);
    if (type === 'WebRtcEndpoint') return this.webRtcEndpoint(given);
    throw factoryNotFound(type);
  }

  private webRtcEndpoint(given: Parameters): WebRtcEndpoint {
    const pipeline = this.host.find(given.string('mediaPipeline'));
    if (!(pipeline instanceof MediaPipeline)) throw unexpected('bad_weak_ptr');
    return new WebRtcEndpoint(this.host, pipeline, direction(given), this.transport);
  }
}

function direction(given: Parameters): EndpointDirection {
  if (given.has('recvonly') && given.boolean('recvonly')) return 'recvonly';
  return given.has('sendonly') && given.boolean('sendonly') ? 'sendonly' : 'sendrecv';
}
