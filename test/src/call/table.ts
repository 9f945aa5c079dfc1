import type { Stream } from './streams.ts';

const HEADINGS = ['stream', 'frames', 'audio packets', 'kB', 'round trip', 'first frame'];

/** The streams of a call as lines of text. */
export function streamTable(streams: readonly Stream[]): string {
  const rows = streams.map(({ from, to, framesDecoded, audioPackets, bytes, roundTripMs, firstFrameMs }) => [
    `${from} → ${to}`,
    String(framesDecoded),
    String(audioPackets),
    String(Math.round(bytes / 1000)),
    roundTripMs === null ? '–' : `${roundTripMs.toFixed(1)} ms`,
    firstFrameMs === null ? '–' : `${firstFrameMs} ms`,
  ]);
  return columns([HEADINGS, ...rows]);
}

/** Aligns cells: the first column to the left, the others to the right. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, at) => Math.max(cell.length, widest[at] ?? 0)),
    [],
  );
  const lines = rows.map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
  );
  return lines.map((line) => `  ${line.trimEnd()}\n`).join('');
}

/** Writes a table over the one before it where there is a terminal; elsewhere only the last one is worth its lines. */
export class LiveTable {
  readonly #output: NodeJS.WriteStream;
  #lines = 0;
  #last = '';

  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
  }

  draw(table: string): void {
    this.#last = table;
    if (!this.#output.isTTY) return;
    const back = this.#lines > 0 ? `\x1b[${this.#lines}A\x1b[J` : '';
    this.#output.write(back + table);
    this.#lines = table.split('\n').length - 1;
  }

  end(): void {
    if (!this.#output.isTTY) this.#output.write(this.#last);
    this.#lines = 0;
  }
}
