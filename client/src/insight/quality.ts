import { repeat } from './repeat.ts';
import { type Interval, intervalOf, type Sample, sampleOf } from './sample.ts';

/** How well media pass between this page and the media server, for one participant; `lost`: they have ceased to. */
export type Quality = 'excellent' | 'good' | 'poor' | 'lost' | 'unknown';

interface Limits {
  /** 0 to 1. */
  readonly loss: number;
  /** Milliseconds. */
  readonly jitter: number;
  /** Milliseconds. */
  readonly roundTrip: number;
}

/**
 * Nobody notices anything: Opus conceals 2 % of loss and retransmission repairs it in pictures, the usual jitter buffer of
 * some 40 ms takes the jitter, and the delay there and back is twice what ITU-T G.114 calls transparent.
 */
export const EXCELLENT: Limits = { loss: 0.02, jitter: 30, roundTrip: 300 };
/**
 * Beyond this it disturbs: words are lost, senders lower their bitrate for good (they do from 10 % on), the jitter buffer
 * grows to what is felt as delay, and people talk over one another (twice G.114's limit of 400 ms).
 */
export const POOR: Limits = { loss: 0.08, jitter: 100, roundTrip: 800 };
/** Intervals without a sign of the other end until it is lost: ICE often recovers within one. */
export const SILENT_INTERVALS = 2;

type Judgement = 'excellent' | 'good' | 'poor' | 'unknown';

/** What is thought of one participant's connections. */
export interface Assessment {
  readonly sample: Sample;
  readonly quality: Quality;
  /** What the last interval alone was like. */
  readonly judgement: Judgement;
  /** Intervals since there was a sign of the other end. */
  readonly silent: number;
}

/** One clean interval among bad ones does not make a connection good: it is as good as the worse of the last two. */
export function assess(before: Assessment | undefined, sample: Sample): Assessment {
  if (!before) return { sample, quality: 'unknown', judgement: 'unknown', silent: 0 };
  const interval = intervalOf(before.sample, sample);
  const silent = sample.connected || interval.heard ? 0 : before.silent + 1;
  if (silent >= SILENT_INTERVALS) return { sample, quality: 'lost', judgement: 'unknown', silent };
  if (silent > 0) return { ...before, sample, silent };
  const judgement = judge(interval);
  return { sample, quality: worse(judgement, before.judgement), judgement, silent };
}

function judge(interval: Interval): Judgement {
  const { loss, jitter, roundTrip } = interval;
  if (loss === undefined && jitter === undefined && roundTrip === undefined) return 'unknown';
  if (exceeds(interval, POOR)) return 'poor';
  return exceeds(interval, EXCELLENT) ? 'good' : 'excellent';
}

function exceeds({ loss = 0, jitter = 0, roundTrip = 0 }: Interval, limits: Limits): boolean {
  return loss > limits.loss || jitter > limits.jitter || roundTrip > limits.roundTrip;
}

function worse(one: Judgement, other: Judgement): Judgement {
  const fromWorst = ['poor', 'good', 'excellent', 'unknown'] as const;
  return fromWorst.find((judgement) => judgement === one || judgement === other) ?? 'unknown';
}

type ReportsById = ReadonlyMap<string, readonly RTCStatsReport[]>;

export interface QualitiesOptions {
  /** By participant: the reports of the connections that it is received on, or of those the own media are sent on. */
  reports: () => Promise<ReportsById>;
  onChange: (id: string, quality: Quality) => void;
  /** Milliseconds between two readings. */
  interval?: number;
}

/** How well each participant's media pass. */
export class Qualities {
  readonly #reports: () => Promise<ReportsById>;
  readonly #onChange: (id: string, quality: Quality) => void;
  readonly #interval: number;
  #assessments: ReadonlyMap<string, Assessment> = new Map();
  #stop: (() => void) | undefined;

  constructor({ reports, onChange, interval = 2_000 }: QualitiesOptions) {
    this.#reports = reports;
    this.#onChange = onChange;
    this.#interval = interval;
  }

  start(): void {
    // A reading that fails, because a connection has just been closed say, is left out.
    const read = () => this.#reports().catch(() => undefined);
    this.#stop ??= repeat(this.#interval, read, (reports) => reports && this.#assess(reports));
  }

  /** From here on no quality is known, and `onChange` is not called. */
  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#assessments = new Map();
  }

  of(id: string): Quality {
    return this.#assessments.get(id)?.quality ?? 'unknown';
  }

  /** Who has no reports is forgotten: of somebody without connections nothing is known. */
  #assess(reports: ReportsById): void {
    const before = this.#assessments;
    const measured = [...reports].filter(([, list]) => list.length > 0);
    this.#assessments = new Map(measured.map(([id, list]) => [id, assess(before.get(id), sampleOf(list))]));
    for (const id of reports.keys()) {
      const quality = this.of(id);
      if (quality !== (before.get(id)?.quality ?? 'unknown')) this.#onChange(id, quality);
    }
  }
}
