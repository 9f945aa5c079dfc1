import { childrenOf, type Message } from '@hyperroom/protocol';
import type { RegisteredHyperty } from '../registered-hyperty.ts';
import { type ChildBody, isChild } from './messages.ts';
import type { Child } from './types.ts';

/** The children of one data object, as this hyperty adds and hears of them. Everybody hears of each, in no particular order. */
export class Children {
  readonly #hyperty: RegisteredHyperty;
  readonly #address: string;
  /** Hears of no more. */
  readonly close: () => void;
  readonly #own = new Map<string, () => void>();

  constructor(hyperty: RegisteredHyperty, url: string, onChild: (child: Child) => void) {
    this.#hyperty = hyperty;
    this.#address = childrenOf(url);
    const route = { type: 'create', to: this.#address } as const;
    const heard = ({ resource = '', value }: ChildBody, { from }: Message) => {
      if (from === hyperty.url) this.#own.get(resource)?.();
      else onChild({ id: resource, reporter: from, value });
    };
    this.close = hyperty.bus.route(route, heard, isChild);
  }

  /** Resolves when the messaging node has published it, which it does to the one who adds it as well. */
  async add(value: unknown): Promise<Child> {
    const { url, bus } = this.#hyperty;
    const id = `${url}#${crypto.randomUUID()}`;
    const published = new Promise<void>((resolve) => this.#own.set(id, resolve));
    const [answered] = bus.request({ type: 'create', from: url, to: this.#address, body: { resource: id, value } });
    try {
      // Hyperties of reTHINK's own runtimes answer, too.
      await Promise.race([published, answered]);
    } finally {
      this.#own.delete(id);
    }
    return { id, reporter: url, value };
  }
}
