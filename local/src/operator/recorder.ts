import type { FrameDown, FrameUp } from '../aws/index.ts';
import type { Sight } from '../sights.ts';
import { type Recording, recordingOf } from './recording.ts';
import { type Answer, answerTo, type TracedRequest, tracedIn } from './requests.ts';

export interface RecorderLimits {
  readonly sights: number;
  /** Of what was said, roughly. */
  readonly bytes: number;
  readonly requests: number;
}

/** A request as the list of them shows it. */
export interface RequestSummary extends TracedRequest {
  readonly code?: number;
  /** From the gateway's receipt until the answer was with the browser. */
  readonly ms?: number;
}

interface Followed {
  readonly request: TracedRequest;
  /** Its place among all sights that there were. */
  readonly place: number;
  /** It may be repeated on another. */
  readonly connections: Set<string>;
  answer?: Answer;
}

const LIMITS: RecorderLimits = { sights: 50_000, bytes: 48 * 1024 * 1024, requests: 300 };
/** Of what is an object already. */
const OBJECT_BYTES = 2_000;

/**
 * Remembers the last of what was seen. Remembering is an append of what there is anyway; to understand any of it is left
 * to whoever asks.
 */
export class Recorder {
  readonly #limits: RecorderLimits;
  #sights: Sight[] = [];
  #bytes = 0;
  /** How many were forgotten: the index of a sight among all that there were is this and its own. */
  #forgotten = 0;
  #understood = 0;
  readonly #followed = new Map<string, Followed>();

  constructor(limits: Partial<RecorderLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  readonly witness = (sight: Sight): void => {
    this.#sights.push(sight);
    this.#bytes += bytesOf(sight);
    if (this.#sights.length > this.#limits.sights || this.#bytes > this.#limits.bytes) this.#forget();
  };

  /** How many sights there have been: to `since`, from here on. */
  get now(): number {
    return this.#forgotten + this.#sights.length;
  }

  /** What was seen after that many. */
  since(count: number): readonly Sight[] {
    return this.#sights.slice(Math.max(0, count - this.#forgotten));
  }

  /** Newest first. */
  requests(): RequestSummary[] {
    this.#understand();
    const kept = [...this.#followed.values()].filter(({ place }) => place >= this.#forgotten);
    return kept.map(summaryOf).reverse();
  }

  recording(trace: string): Recording | undefined {
    return recordingOf(this.#sights, trace);
  }

  /** An eighth at a time: one by one, each would move all the others. */
  #forget(): void {
    const gone = this.#sights.splice(0, Math.ceil(this.#sights.length / 8));
    this.#forgotten += gone.length;
    this.#bytes -= gone.reduce((sum, sight) => sum + bytesOf(sight), 0);
  }

  #understand(): void {
    const start = Math.max(this.#understood, this.#forgotten);
    for (const [index, sight] of this.since(start).entries()) {
      if (sight.kind === 'up') this.#follow(sight, start + index);
      if (sight.kind === 'down') this.#hear(sight);
    }
    this.#understood = this.now;
    for (const trace of this.#followed.keys()) {
      if (this.#followed.size <= this.#limits.requests) break;
      this.#followed.delete(trace);
    }
  }

  #follow(frame: FrameUp, place: number): void {
    for (const request of tracedIn(frame)) {
      const { trace, connectionId } = request;
      const known = this.#followed.get(trace);
      if (known) known.connections.add(connectionId);
      else this.#followed.set(trace, { request, place, connections: new Set([connectionId]) });
    }
  }

  #hear(frame: FrameDown): void {
    for (const followed of this.#followed.values()) {
      if (followed.answer || !followed.connections.has(frame.connectionId)) continue;
      const answer = answerTo(followed.request, frame);
      if (answer) followed.answer = answer;
    }
  }
}

function summaryOf({ request, answer }: Followed): RequestSummary {
  return { ...request, ...(answer && { code: answer.code, ms: Math.round((answer.at - request.at) * 10) / 10 }) };
}

function bytesOf(sight: Sight): number {
  switch (sight.kind) {
    case 'up':
    case 'down':
      return sight.body.length;
    case 'rpc':
      return sight.text.length;
    case 'line':
      return sight.line.length;
    default:
      return OBJECT_BYTES;
  }
}
