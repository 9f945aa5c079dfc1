import { h } from './dom.ts';
import { problem } from './words.ts';

const LONG_ENOUGH_TO_READ = 6_000;

/** What happens and needs no answer: told to those who listen, and shown for a while to those who look. */
export class News {
  readonly element = h('p', { class: 'news', role: 'status', 'data-testid': 'news' });
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    clearTimeout(this.#timer);
    this.element.textContent = text;
    this.#timer = setTimeout(() => this.close(), LONG_ENOUGH_TO_READ);
  }

  /** Does what a button is for, and says so if it could not be done; gives whether it could. */
  async attempt(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      this.say(problem(error));
      return false;
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.element.textContent = '';
  }
}
