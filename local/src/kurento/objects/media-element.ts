import { marshalError, pipelinesDiffer } from '../rpc/errors.ts';
import type { Json } from '../rpc/json.ts';
import type { Parameters } from '../rpc/params.ts';
import { act, type Caller, MediaObject, type Operation } from './media-object.ts';

export const MEDIA_TYPES = ['AUDIO', 'DATA', 'VIDEO'] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

export const MEDIA_ELEMENT_EVENTS = [
  'Error',
  'MediaFlowInStateChanged',
  'MediaFlowOutStateChanged',
  'MediaTranscodingStateChanged',
] as const;

/** An object of a pipeline that media flow through: one source per medium, any number of sinks. */
export abstract class MediaElement extends MediaObject {
  private readonly sources = new Map<MediaType, MediaElement>();
  private readonly sinks = new Map<MediaType, Set<MediaElement>>(MEDIA_TYPES.map((type) => [type, new Set()]));

  protected sinksOf(type: MediaType): ReadonlySet<MediaElement> {
    return this.sinks.get(type) ?? new Set();
  }

  protected sourceOf(type: MediaType): MediaElement | undefined {
    return this.sources.get(type);
  }

  override close(): void {
    for (const type of MEDIA_TYPES) {
      this.sources.get(type)?.unlink(this, type);
      for (const sink of [...this.sinksOf(type)]) this.unlink(sink, type);
    }
  }

  /** Called on the source when media of a type begin to go to a sink. */
  protected abstract linked(sink: MediaElement, type: MediaType): void;

  /** Called on the sink when media of a type cease to come from its source. */
  protected abstract sourceLost(type: MediaType): void;

  protected abstract isFlowing(direction: 'in' | 'out', type: MediaType): boolean;

  protected pipeline(): MediaObject | undefined {
    return this.parent;
  }

  protected elementOperations(): [string, Operation][] {
    const connection = ['sink', 'mediaType', 'sourceMediaDescription', 'sinkMediaDescription'];
    const flow = ['mediaType', 'mediaDescription'];
    return [
      ['connect', act(connection, (given) => this.connect(this.sinkIn(given), mediaTypes(given)))],
      ['disconnect', act(connection, (given) => this.disconnect(this.sinkIn(given), mediaTypes(given)))],
      ['getSourceConnections', { parameters: flow, run: (given, caller) => this.sourceConnections(given, caller) }],
      ['getSinkConnections', { parameters: flow, run: (given, caller) => this.sinkConnections(given, caller) }],
      ['isMediaFlowingIn', { parameters: flow, run: (given) => this.isFlowing('in', mediaType(given)) }],
      ['isMediaFlowingOut', { parameters: flow, run: (given) => this.isFlowing('out', mediaType(given)) }],
      ['isMediaTranscoding', { parameters: flow, run: (given) => isTranscoding(mediaType(given)) }],
    ];
  }

  private sinkIn(given: Parameters): MediaElement {
    const sink = this.host.find(given.string('sink'));
    if (!(sink instanceof MediaElement)) throw marshalError("'sink' parameter should be a MediaElement");
    return sink;
  }

  private connect(sink: MediaElement, types: readonly MediaType[]): void {
    if (sink.parent !== this.parent) throw pipelinesDiffer();
    for (const type of types) {
      const source = sink.sources.get(type);
      if (source === this) continue;
      source?.unlink(sink, type);
      sink.sources.set(type, this);
      this.sinks.get(type)?.add(sink);
      this.linked(sink, type);
    }
  }

  private disconnect(sink: MediaElement, types: readonly MediaType[]): void {
    for (const type of types) this.unlink(sink, type);
  }

  private unlink(sink: MediaElement, type: MediaType): void {
    if (!this.sinks.get(type)?.delete(sink)) return;
    sink.sources.delete(type);
    sink.sourceLost(type);
  }

  private sourceConnections(given: Parameters, caller: Caller): Json {
    return mediaTypes(given).flatMap((type) => {
      const source = this.sources.get(type);
      return source ? [connectionData(source, this, type, caller)] : [];
    });
  }

  private sinkConnections(given: Parameters, caller: Caller): Json {
    return mediaTypes(given).flatMap((type) =>
      [...this.sinksOf(type)].map((sink) => connectionData(this, sink, type, caller)),
    );
  }
}

function connectionData(source: MediaElement, sink: MediaElement, type: MediaType, caller: Caller): Json {
  return {
    __module__: 'kurento',
    __type__: 'ElementConnectionData',
    sink: caller.refer(sink),
    sinkDescription: 'default',
    source: caller.refer(source),
    sourceDescription: 'default',
    type,
  };
}

function mediaType(given: Parameters): MediaType {
  return given.oneOf('mediaType', 'MediaType', MEDIA_TYPES);
}

function mediaTypes(given: Parameters): readonly MediaType[] {
  return given.has('mediaType') ? [mediaType(given)] : MEDIA_TYPES;
}

/** Never here; and Kurento says so even while it does. */
function isTranscoding(_type: MediaType): boolean {
  return false;
}
