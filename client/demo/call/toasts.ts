import { Store } from './store.ts';
import { problem } from './words.ts';

const LONG_ENOUGH_TO_READ = 6_000;
/** More at a time nobody reads. */
const MOST = 3;

export interface Toast {
  id: number;
  text: string;
}

/** What happens and needs no answer: told to those who listen, and shown for a while to those who look. */
export class Toasts {
  readonly store = new Store<{ shown: readonly Toast[]; whispered: string }>({ shown: [], whispered: '' });
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #count = 0;

  say(text: string): void {
    const id = ++this.#count;
    this.store.change({ shown: [...this.store.state.shown, { id, text }].slice(-MOST) });
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.dismiss(id);
    }, LONG_ENOUGH_TO_READ);
    this.#timers.add(timer);
  }

  /** Tells those who listen what the others can see anyway. */
  whisper(text: string): void {
    this.store.change({ whispered: text });
  }

  /** Nobody needs to be told any more. */
  clear(): void {
    this.store.change({ shown: [] });
  }

  dismiss(id: number): void {
    this.store.change({ shown: this.store.state.shown.filter((toast) => toast.id !== id) });
  }

  /** Does what a button is for, and says so if it could not be done; gives whether it could. */
  readonly attempt = async (action: () => Promise<unknown>): Promise<boolean> => {
    try {
      await action();
      return true;
    } catch (error) {
      this.say(problem(error));
      return false;
    }
  };

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
