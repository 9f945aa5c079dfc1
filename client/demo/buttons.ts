import { h } from './dom.ts';
import { type Icon, icon } from './icons.ts';

/** How a button looks at the moment. */
export interface Look {
  icon: Icon;
  /** What pressing it does. */
  label: string;
  /** For those that switch something: whether it is. */
  isPressed?: boolean;
  isDisabled?: boolean;
  /** For those that open something: whether it is open. */
  isExpanded?: boolean;
  /** A small number on it. */
  mark?: number;
}

export interface RoundButtonOptions {
  testid: string;
  /** A further class. */
  style?: string;
  look: () => Look;
  press: () => void;
}

/** A round button with a picture, which looks as `look` says whenever it is drawn. */
export class RoundButton {
  readonly element: HTMLButtonElement;
  readonly #look: () => Look;

  constructor({ testid, style = '', look, press }: RoundButtonOptions) {
    this.#look = look;
    this.element = h('button', { type: 'button', class: `round ${style}`, 'data-testid': testid });
    this.element.addEventListener('click', () => {
      press();
      this.draw();
    });
    this.draw();
  }

  draw(): void {
    const { icon: picture, label, isPressed, isExpanded, isDisabled = false, mark = 0 } = this.#look();
    const { element } = this;
    element.replaceChildren(icon(picture));
    if (mark > 0) element.append(h('span', { class: 'mark' }, String(mark)));
    element.disabled = isDisabled;
    element.title = label;
    element.setAttribute('aria-label', label);
    if (isPressed !== undefined) element.setAttribute('aria-pressed', String(isPressed));
    if (isExpanded !== undefined) element.setAttribute('aria-expanded', String(isExpanded));
  }
}

/** A button with words on it. */
export function textButton(label: string, press: () => void, attributes: { style?: string; testid?: string } = {}) {
  const { style = 'quiet', testid } = attributes;
  return h('button', { type: 'button', class: style, 'data-testid': testid, onclick: press }, label);
}

export function copyButton(link: string, style: string): HTMLElement {
  const button = h('button', { type: 'button', class: `${style} copy`, 'data-testid': 'copy-link' });
  const draw = (picture: Icon, label: string) => {
    button.replaceChildren(icon(picture), h('span', {}, label));
    button.setAttribute('aria-label', label);
  };
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(link);
      draw('check', 'Copied');
    } catch {
      // No clipboard without permission: the link can still be copied by hand.
      prompt('Copy this link', link);
    }
  });
  button.addEventListener('blur', () => draw('link', 'Copy link'));
  draw('link', 'Copy link');
  return button;
}

export interface ActionButtonOptions {
  testid: string;
  style?: string;
  /** The words on it; undefined: there is nothing to do, and no button. */
  label: () => string | undefined;
  press: () => void;
}

/** A button with words that change, and which may come and go. */
export class ActionButton {
  readonly element: HTMLButtonElement;
  readonly #label: () => string | undefined;

  constructor({ testid, style = 'quiet small', label, press }: ActionButtonOptions) {
    this.#label = label;
    this.element = textButton('', press, { style, testid });
    this.draw();
  }

  draw(): void {
    const label = this.#label();
    this.element.hidden = label === undefined;
    this.element.textContent = label ?? '';
  }
}
