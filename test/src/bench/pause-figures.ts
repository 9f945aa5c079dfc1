/** Milliseconds of one pause of a video and its resumption, as its receiver saw them. */
export interface PauseTimes {
  /** Until the last bytes came. */
  readonly stopMs: number;
  /** Until a new picture was decoded. */
  readonly resumeMs: number;
}

export interface PauseFigure {
  readonly what: string;
  readonly budget: number;
  readonly p50: number;
  readonly worst: number;
}

/** What the field bears: whoever scrolls a tile into sight expects a picture there. */
const BUDGET = 1_000;

export function pauseFigures(times: readonly PauseTimes[]): PauseFigure[] {
  const figure = (what: string, values: readonly number[]): PauseFigure => {
    const sorted = [...values].sort((a, b) => a - b);
    const p50 = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    return { what, budget: BUDGET, p50, worst: sorted.at(-1) ?? Number.NaN };
  };
  return [
    figure(
      'its last bytes after a pause',
      times.map(({ stopMs }) => stopMs),
    ),
    figure(
      'a decoded picture after a resumption',
      times.map(({ resumeMs }) => resumeMs),
    ),
  ];
}
