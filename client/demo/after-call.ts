import type { CloseReason } from '../src/index.ts';
import { textButton } from './buttons.ts';
import { h, show } from './dom.ts';
import { brand } from './notice.ts';
import { FAREWELLS } from './words.ts';

/** How a call ended. */
export interface Ending {
  reason: CloseReason;
  /** What a moderator had to say. */
  description: string | undefined;
}

/** The page after the call. Resolves with what comes next. */
export function afterCall({ reason, description }: Ending): Promise<'rejoin' | 'new-room'> {
  const { title, text, mayRejoin } = FAREWELLS[reason];
  return new Promise((resolve) => {
    const rejoin = textButton('Rejoin', () => resolve('rejoin'), { style: 'primary', testid: 'rejoin' });
    const newRoom = textButton('New room', () => resolve('new-room'), { testid: 'new-room' });
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
      description !== undefined && h('blockquote', {}, description),
      h('div', { class: 'actions' }, mayRejoin && rejoin, newRoom),
    );
    show(h('main', { class: 'lobby' }, brand(), panel), title);
    (mayRejoin ? rejoin : newRoom).focus();
  });
}
