import type { CloseReason } from '../src/index.ts';
import { h, show } from './dom.ts';
import { brand } from './lobby.ts';
import { FAREWELLS } from './words.ts';

/** The page after the call. Resolves with what comes next. */
export function afterCall(reason: CloseReason): Promise<'rejoin' | 'new-room'> {
  const { title, text } = FAREWELLS[reason];
  return new Promise((resolve) => {
    const choice = (name: 'rejoin' | 'new-room', style: string, label: string) =>
      h('button', { type: 'button', class: style, 'data-testid': name, onclick: () => resolve(name) }, label);
    const rejoin = choice('rejoin', 'primary', 'Rejoin');
    const panel = h(
      'div',
      {
        class: 'farewell',
        role: reason === 'left' ? 'status' : 'alert',
        'data-testid': 'after-call',
        'data-reason': reason,
      },
      h('h1', {}, title),
      h('p', { class: 'lead' }, text),
      h('div', { class: 'actions' }, rejoin, choice('new-room', 'quiet', 'New room')),
    );
    show(h('main', { class: 'lobby' }, brand(), panel), title);
    rejoin.focus();
  });
}
