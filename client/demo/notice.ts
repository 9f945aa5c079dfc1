import { h } from './dom.ts';
import { icon } from './icons.ts';

/** A message that must not be missed. */
export function notice(text: string): HTMLElement {
  return h('p', { class: 'notice', role: 'alert', 'data-testid': 'notice' }, icon('warning'), h('span', {}, text));
}

export function brand(): HTMLElement {
  return h('div', { class: 'brand' }, h('span', { class: 'brand-mark', 'aria-hidden': 'true' }), 'Hyperroom');
}
