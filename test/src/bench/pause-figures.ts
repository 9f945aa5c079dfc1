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

/** `how`: what pauses and resumes, in words. */
export function pauseFigures(how: string, times: readonly PauseTimes[]): PauseFigure[] {
  const figure = (what: string, values: readonly number[]): PauseFigure => {
    const sorted = [...values].sort((a, b) => a - b);
    const p50 = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    return { what, budget: BUDGET, p50, worst: sorted.at(-1) ?? Number.NaN };
  };
  return [
    figure(
      `${how}: the last bytes`,
      times.map(({ stopMs }) => stopMs),
    ),
    figure(
      `${how} no longer: a decoded picture`,
      times.map(({ resumeMs }) => resumeMs),
    ),
  ];
}
