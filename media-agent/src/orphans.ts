import { type Holdings, TAG } from './holdings.ts';
import type { MediaPort } from './kurento/index.ts';
import { type Log, reasonOf } from './log.ts';

export interface OrphansOptions {
  server: Pick<MediaPort, 'pipelines' | 'releasePipeline'>;
  /** Whose pipelines it is about. */
  nodeId: string;
  holdings: Holdings;
  log: Log;
}

/** How to release each, by its id. */
type Found = Map<string, () => Promise<void>>;

/** What is at the media server in this node's name, of which it knows nothing: a process that died has left it, or a call that failed. */
export class Orphans {
  readonly #options: OrphansOptions;
  #suspects: ReadonlySet<string> = new Set();

  constructor(options: OrphansOptions) {
    this.#options = options;
  }

  /** While nothing is being created. */
  async releaseAll(): Promise<void> {
    await this.#release(await this.#find());
  }

  /** What is being created looks the same for a moment: only what was found the last time, too, is released. */
  async sweep(): Promise<void> {
    const found = await this.#find();
    const again = new Map([...found].filter(([id]) => this.#suspects.has(id)));
    this.#suspects = new Set(found.keys());
    await this.#release(again);
  }

  async #find(): Promise<Found> {
    const { server, nodeId, holdings } = this.#options;
    const found: Found = new Map();
    for (const { id, tags } of await server.pipelines(holdings.ids)) {
      const isKnown = tags[TAG] !== nodeId || holdings.ids.has(id);
      if (!isKnown) found.set(id, () => server.releasePipeline(id));
    }
    for (const { pipeline } of holdings.rooms.values()) {
      const held = await pipeline?.catch(() => null);
      for (const id of (await held?.endpoints()) ?? []) {
        if (held && !holdings.ids.has(id)) found.set(id, () => held.releaseEndpoint(id));
      }
    }
    return found;
  }

  async #release(found: Found): Promise<void> {
    for (const [id, release] of found) {
      this.#options.log.warn('orphan released', { object: id });
      await release().catch((error) => this.#options.log.warn('orphan not released', { reason: reasonOf(error) }));
    }
  }
}
