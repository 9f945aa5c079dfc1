import type { RoomOptions } from '../src/index.ts';
import { h, show } from './dom.ts';
import { icon } from './icons.ts';
import { BOTH, type DeviceSource, type LocalMedia } from './local-media.ts';
import { brand, notice } from './notice.ts';
import { preview } from './preview.ts';
import { inventRoomName, toRoomId } from './room-name.ts';
import { roomOptions } from './room-options.ts';

export interface LobbyOptions {
  /** What the fields say to begin with. */
  draft: Draft;
  /** Whether the room is that of a link, so there is nothing to choose. */
  isInvited: boolean;
  media: Promise<LocalMedia>;
  /** Why the last attempt failed. */
  failure: string | undefined;
}

export interface Choice {
  name: string;
  room: string;
  token: string | undefined;
  /** What to join with. */
  sources: readonly DeviceSource[];
  /** How to run the room if there is none yet; undefined: then there shall be none. */
  create: RoomOptions | undefined;
}

/** A choice that may not have been made yet. */
export type Draft = { [Part in keyof Choice]: Choice[Part] | undefined };

/** The page before the call: one's picture, a name, and the room. Resolves when the form is sent. */
export function lobby({ draft, isInvited, media, failure }: LobbyOptions): Promise<Choice> {
  const { name = '', room, token = '', create, sources = BOTH } = draft;
  const { promise, resolve } = withResolve<Choice>();
  const nameField = field('Your name', 'name', name, { autocomplete: 'name', maxlength: '128', required: true });
  const plain = { autocomplete: 'off', spellcheck: 'false' };
  const roomField = field('Room', 'room', room ?? inventRoomName(), { ...plain, maxlength: '128', required: true });
  const tokenField = field('Token, if you have one', 'token', token, plain);
  const creation = creationFields(create);
  const contribution = contributionField(sources);
  const join = h('button', { type: 'submit', class: 'primary', 'data-testid': 'join' }, 'Join');
  const submit = (event: Event) => {
    event.preventDefault();
    const chosen = { name: nameField.input.value.trim(), room: toRoomId(roomField.input.value) };
    if (!chosen.name) return nameField.input.focus();
    if (!chosen.room) return roomField.input.focus();
    join.disabled = true;
    join.textContent = 'Joining…';
    resolve({
      ...chosen,
      token: tokenField.input.value.trim() || undefined,
      sources: contribution.read(),
      create: creation.read(),
    });
  };
  const form = h(
    'form',
    { class: 'lobby-form', onsubmit: submit },
    h('h1', {}, isInvited ? 'You’re invited' : 'A room for everyone'),
    h('p', { class: 'lead' }, isInvited ? `Join “${room}” and talk.` : 'Open a room, send its link, and talk.'),
    failure !== undefined && notice(failure),
    nameField.label,
    !isInvited && withShuffle(roomField),
    contribution.label,
    h(
      'details',
      { class: 'room-options', 'data-testid': 'room-options', open: failure !== undefined && token !== '' },
      h('summary', {}, 'Room options'),
      tokenField.label,
      ...creation.fields,
    ),
    join,
  );
  const panel = h('div', { class: 'lobby-panel' }, preview(media, name), form);
  show(h('main', { class: 'lobby' }, brand(), panel), 'Join');
  // What went wrong stands above, and is to stay in sight.
  (nameField.input.value ? join : nameField.input).focus({ preventScroll: true });
  return promise;
}

interface Field {
  label: HTMLLabelElement;
  input: HTMLInputElement;
}

function field(text: string, id: string, value: string, attributes: Record<string, string | boolean>): Field {
  const input = h('input', { id, name: id, value, 'data-testid': id, ...attributes });
  return { label: h('label', { for: id }, text, input), input };
}

const CONTRIBUTIONS: Record<string, { text: string; sources: readonly DeviceSource[] }> = {
  both: { text: 'Camera and microphone', sources: BOTH },
  microphone: { text: 'Microphone only', sources: ['microphone'] },
  nothing: { text: 'Nothing: watch and listen', sources: [] },
};

/** Not everybody may, or wants to, be seen. */
function contributionField(chosen: readonly DeviceSource[]) {
  const options = Object.entries(CONTRIBUTIONS).map(([value, { text, sources }]) =>
    h('option', { value, selected: sources.length === chosen.length }, text),
  );
  const select = h('select', { 'data-testid': 'join-with' }, ...options);
  const read = () => CONTRIBUTIONS[select.value]?.sources ?? BOTH;
  return { label: h('label', {}, 'Join with', select), read };
}

/** Whether to open a room where there is none, and how it shall be run. */
function creationFields(create: RoomOptions | undefined): {
  fields: HTMLElement[];
  read: () => RoomOptions | undefined;
} {
  const options = roomOptions(create ?? {});
  const isWanted = h('input', { type: 'checkbox', checked: create !== undefined, 'data-testid': 'create' });
  const draw = () => {
    options.fields.disabled = !isWanted.checked;
  };
  isWanted.addEventListener('change', draw);
  draw();
  return {
    fields: [h('label', { class: 'switch' }, isWanted, 'Open the room if there is none, with'), options.fields],
    read: () => (isWanted.checked ? options.read() : undefined),
  };
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

function withResolve<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
