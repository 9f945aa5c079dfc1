import { RoundButton } from './buttons.ts';
import { h } from './dom.ts';
import { type Icon, icon } from './icons.ts';

/** Something to look at beside the pictures. */
export interface Panel {
  readonly name: string;
  readonly title: string;
  readonly icon: Icon;
  readonly element: HTMLElement;
  draw(): void;
  /** How much of it is new: a small number on its button. */
  mark?(): number;
  opened?(): void;
  closed?(): void;
}

/** One panel at a time, and a button for each. */
export class SidePanel {
  readonly element: HTMLElement;
  readonly buttons: readonly HTMLElement[];
  readonly #panels: readonly Panel[];
  readonly #buttons: ReadonlyMap<Panel, RoundButton>;
  #open: Panel | undefined;

  constructor(panels: readonly Panel[]) {
    this.#panels = panels;
    this.element = h('aside', { class: 'panel', id: 'panel', tabindex: '-1', hidden: true });
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
    this.#buttons = new Map(panels.map((panel) => [panel, this.#buttonOf(panel)]));
    this.buttons = [...this.#buttons.values()].map(({ element }) => element);
  }

  draw(): void {
    this.#open?.draw();
    for (const button of this.#buttons.values()) button.draw();
  }

  open(name: string): void {
    const panel = this.#panels.find((candidate) => candidate.name === name);
    if (!panel || panel === this.#open) return;
    this.#open?.closed?.();
    this.#open = panel;
    panel.draw();
    const close = h(
      'button',
      { type: 'button', class: 'quiet close', 'aria-label': 'Close', 'data-testid': 'close-panel' },
      icon('close'),
    );
    close.addEventListener('click', () => this.close());
    const heading = h('h2', {}, panel.title);
    this.element.replaceChildren(h('header', {}, heading, close), panel.element);
    this.element.setAttribute('aria-label', panel.title);
    this.element.hidden = false;
    panel.opened?.();
    if (!this.element.contains(document.activeElement)) this.element.focus();
    this.draw();
  }

  close(): void {
    const panel = this.#open;
    if (!panel) return;
    this.#open = undefined;
    panel.closed?.();
    this.element.hidden = true;
    this.draw();
    this.#buttons.get(panel)?.element.focus();
  }

  #buttonOf(panel: Panel): RoundButton {
    const { name, title } = panel;
    return new RoundButton({
      testid: `panel-${name}`,
      look: () => {
        const mark = panel.mark?.() ?? 0;
        const label = mark > 0 ? `${title} (${mark} new)` : title;
        return { icon: panel.icon, label, isExpanded: this.#open === panel, mark };
      },
      press: () => (this.#open === panel ? this.close() : this.open(name)),
    });
  }
}
