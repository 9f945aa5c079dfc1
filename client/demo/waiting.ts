import { textButton } from './buttons.ts';
import { h, show } from './dom.ts';
import { brand } from './notice.ts';

/** The page of who has to be let in. `cancel` is called by whoever does not want to wait any longer. */
export function showWaiting(room: string, cancel: () => void): void {
  const button = textButton('Cancel', cancel, { testid: 'cancel' });
  const panel = h(
    'div',
    { class: 'farewell', role: 'status', 'data-testid': 'waiting' },
    h('h1', {}, 'Waiting for somebody to let you in…'),
    h('p', { class: 'lead' }, `A moderator of “${room}” has been told that you are here.`),
    h('div', { class: 'actions' }, button),
  );
  show(h('main', { class: 'lobby' }, brand(), panel), 'Waiting');
  button.focus();
}

export function showJoining(): void {
  const text = h('p', { class: 'farewell lead', role: 'status' }, 'Joining…');
  show(h('main', { class: 'lobby' }, brand(), text), 'Joining');
}
