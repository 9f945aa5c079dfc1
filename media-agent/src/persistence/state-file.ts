import { open, readFile, rename } from 'node:fs/promises';

/** Keeps one text. What was saved is there whole, or what was saved before it. */
export interface StateStore {
  /** Null: nothing was saved yet. */
  load(): Promise<string | null>;
  save(text: string): Promise<void>;
}

export class StateFile implements StateStore {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async load(): Promise<string | null> {
    try {
      return await readFile(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** Not synced to the disk: it has to outlive this process, not the machine, whose media server would be gone as well. */
  async save(text: string): Promise<void> {
    const draft = `${this.#path}.new`;
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    await rename(draft, this.#path);
  }
}
