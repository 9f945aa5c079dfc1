import { textButton } from './buttons.ts';
import { h, show } from './dom.ts';
import { brand } from './notice.ts';

/** The page of who has to be let in. `cancel` is called by whoever does not want to wait any longer. */
export function showWaiting(room: string, cancel: () => void): void {
  const why = `A moderator of “${room}” has been told that you are here.`;
  showPatience('waiting', 'Waiting for somebody to let you in…', why, cancel);
}

/** The page of who comes first after a while in which nobody has been there. */
export function showStarting(cancel: () => void): void {
  // It is said again and again: whoever is about to press the button shall not lose it.
  if (document.querySelector('[data-testid="starting"]')) return;
  const why = 'Nobody has met here for a while, so a media server starts for you: that takes a minute or two.';
  showPatience('starting', 'Media is starting…', why, cancel);
}

function showPatience(testid: string, what: string, why: string, cancel: () => void): void {
  const button = textButton('Cancel', cancel, { testid: 'cancel' });
  const panel = h(
    'div',
    { class: 'farewell', role: 'status', 'data-testid': testid },
    h('h1', {}, what),
    h('p', { class: 'lead' }, why),
    h('div', { class: 'actions' }, button),
  );
  show(h('main', { class: 'lobby' }, brand(), panel), 'Waiting');
  button.focus();
}

export function showJoining(): void {
  const text = h('p', { class: 'farewell lead', role: 'status' }, 'Joining…');
  show(h('main', { class: 'lobby' }, brand(), text), 'Joining');
}
