import { randomUUID } from 'node:crypto';
import { act, MediaObject, type ObjectHost, type Operation, read } from './media-object.ts';

const MEDIA_PIPELINE = { name: 'MediaPipeline', hierarchy: ['kurento.MediaObject'], events: ['Error'] };

export class MediaPipeline extends MediaObject {
  private latencyStats = false;

  constructor(host: ObjectHost) {
    super(host, MEDIA_PIPELINE, `${randomUUID()}_kurento.MediaPipeline`);
  }

  protected pipeline(): MediaObject {
    return this;
  }

  protected ownOperations(): [string, Operation][] {
    return [
      ['getLatencyStats', read(() => this.latencyStats)],
      [
        'setLatencyStats',
        act(['latencyStats'], (given) => {
          this.latencyStats = given.boolean('latencyStats');
        }),
      ],
    ];
  }
}
