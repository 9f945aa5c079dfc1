import { h, show } from './dom.ts';
import { icon } from './icons.ts';
import type { LocalMedia } from './local-media.ts';
import { mediaButtons } from './media-buttons.ts';
import { inventRoomName, toRoomId } from './room-name.ts';
import { Tile } from './tile.ts';
import { mediaFailure } from './words.ts';

export interface LobbyOptions {
  /** Empty if not known yet. */
  name: string;
  /** What to propose; undefined: a new one. */
  room: string | undefined;
  /** Whether the room is that of a link, so there is nothing to choose. */
  isInvited: boolean;
  media: Promise<LocalMedia>;
  /** Why the last attempt failed. */
  failure?: string | undefined;
}

export interface Choice {
  name: string;
  room: string;
}

/** The page before the call: one's picture, a name, and the room. Resolves when the form is sent. */
export function lobby({ name, room, isInvited, media, failure }: LobbyOptions): Promise<Choice> {
  const { promise, resolve } = withResolve<Choice>();
  const nameField = field('Your name', 'name', name, { autocomplete: 'name', maxlength: '128' });
  const roomField = field('Room', 'room', room ?? inventRoomName(), {
    autocomplete: 'off',
    maxlength: '128',
    spellcheck: 'false',
  });
  const join = h('button', { type: 'submit', class: 'primary', 'data-testid': 'join' }, 'Join');
  const form = h(
    'form',
    {
      class: 'lobby-form',
      onsubmit: (event) => {
        event.preventDefault();
        const choice = { name: nameField.input.value.trim(), room: toRoomId(roomField.input.value) };
        if (!choice.name) nameField.input.focus();
        else if (!choice.room) roomField.input.focus();
        else {
          join.disabled = true;
          join.textContent = 'Joining…';
          resolve(choice);
        }
      },
    },
    h('h1', {}, isInvited ? 'You’re invited' : 'A room for everyone'),
    h('p', { class: 'lead' }, isInvited ? `Join “${room}” and talk.` : 'Open a room, send its link, and talk.'),
    failure !== undefined && notice(failure),
    nameField.label,
    !isInvited && withShuffle(roomField),
    join,
  );
  show(h('main', { class: 'lobby' }, brand(), h('div', { class: 'lobby-panel' }, preview(media, name), form)), 'Join');
  (nameField.input.value ? join : nameField.input).focus();
  return promise;
}

export function brand(): HTMLElement {
  return h('div', { class: 'brand' }, h('span', { class: 'brand-mark', 'aria-hidden': 'true' }), 'Hyperroom');
}

/** A message that must not be missed. */
export function notice(text: string): HTMLElement {
  return h('p', { class: 'notice', role: 'alert', 'data-testid': 'notice' }, icon('warning'), h('span', {}, text));
}

interface Field {
  label: HTMLLabelElement;
  input: HTMLInputElement;
}

function field(text: string, id: string, value: string, attributes: Record<string, string>): Field {
  const input = h('input', { id, name: id, required: true, value, 'data-testid': id, ...attributes });
  return { label: h('label', { for: id }, text, input), input };
}

function withShuffle({ label, input }: Field): HTMLElement {
  const shuffle = () => {
    input.value = inventRoomName();
  };
  const attributes = {
    type: 'button',
    class: 'quiet shuffle',
    'aria-label': 'Another room name',
    title: 'Another room name',
  };
  return h('div', { class: 'with-shuffle' }, label, h('button', { ...attributes, onclick: shuffle }, icon('shuffle')));
}

function preview(media: Promise<LocalMedia>, name: string): HTMLElement {
  const section = h('section', { class: 'preview', 'aria-label': 'Your picture', 'aria-busy': 'true' });
  section.append(h('p', { class: 'preview-wait' }, 'Asking for camera and microphone…'));
  media.then((opened) => {
    const tile = new Tile({ name, stream: opened.stream, isLocal: true });
    const draw = () => tile.showVideo(opened.isOn('video'));
    const buttons = h('div', { class: 'preview-buttons' }, ...mediaButtons(opened, draw));
    section.setAttribute('aria-busy', 'false');
    section.replaceChildren(h('ul', {}, tile.element), buttons);
    if (opened.problem !== undefined) section.append(notice(mediaFailure(opened.problem)));
    draw();
  });
  return section;
}

function withResolve<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
