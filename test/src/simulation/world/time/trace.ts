const LENGTH = 4_000;

/** The last things that happened, and a hash of everything that did. */
export class Trace {
  readonly #lines: string[] = [];
  #hash = 0x811c9dc5;
  #count = 0;

  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }

  get count(): number {
    return this.#count;
  }

  add(time: number, who: string, what: string): void {
    const line = `${(time / 1000).toFixed(4)} ${who}: ${what}`;
    for (let at = 0; at < line.length; at++) this.#hash = Math.imul(this.#hash ^ line.charCodeAt(at), 0x01000193);
    this.#lines[this.#count % LENGTH] = line;
    this.#count += 1;
  }

  last(count: number): string[] {
    const from = Math.max(0, this.#count - Math.min(count, LENGTH));
    return Array.from({ length: this.#count - from }, (_, at) => this.#lines[(from + at) % LENGTH] ?? '');
  }
}
