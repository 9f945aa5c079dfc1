import type { Line } from './socket.ts';

/** The way of some clients to the server. */
export class Access {
  isOnline = true;
  readonly #lines = new Set<Line>();

  /** A socket has been opened; returns what is to be called when it is no more. */
  add(line: Line): () => void {
    this.#lines.add(line);
    return () => this.#lines.delete(line);
  }

  drop(): void {
    for (const line of [...this.#lines]) line.drop();
  }
}
