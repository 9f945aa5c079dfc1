import type { RoomOptions } from '../src/index.ts';
import { h } from './dom.ts';

/** Whole numbers: what they are called, their bounds, and what the room takes where the field is left empty. */
const NUMBERS = {
  capacity: { label: 'Most participants', min: 1, max: 100, fallback: 50 },
  lastN: { label: 'Most pictures', min: 1, max: 32, fallback: 7 },
  history: { label: 'Messages kept', min: 0, max: 100, fallback: 0 },
  emptyTimeout: { label: 'Stays empty (s)', min: 0, max: 86_400, fallback: 0 },
} as const;

const CHOICES = {
  codec: { label: 'Video codec', values: { VP8: 'VP8', H264: 'H.264' } },
  publishers: { label: 'Who may publish', values: { everyone: 'Everyone', moderators: 'Moderators' } },
} as const;

const SWITCHES = {
  waitingRoom: 'Others wait to be let in',
  locked: 'Locked: nobody else gets in',
} as const;

type NumberName = keyof typeof NUMBERS;
type ChoiceName = keyof typeof CHOICES;
type SwitchName = keyof typeof SWITCHES;

/** The fields for how a room is run. `read` gives what was chosen otherwise than the room would by itself. */
export function roomOptions(given: RoomOptions): { fields: HTMLFieldSetElement; read: () => RoomOptions } {
  const numbers = keysOf(NUMBERS).map((name) => [name, numberField(name, given)] as const);
  const choices = keysOf(CHOICES).map((name) => [name, choiceField(name, given)] as const);
  const switches = keysOf(SWITCHES).map((name) => [name, switchField(name, given)] as const);
  const labels = [...numbers, ...choices, ...switches].map(([, { label }]) => label);
  const read = () => ({
    ...given,
    ...Object.fromEntries(
      numbers.filter(([, { input }]) => input.value).map(([name, { input }]) => [name, input.valueAsNumber]),
    ),
    ...Object.fromEntries(
      choices.filter(([, { input }]) => input.value).map(([name, { input }]) => [name, input.value]),
    ),
    ...Object.fromEntries(switches.filter(([, { input }]) => input.checked).map(([name]) => [name, true])),
  });
  return { fields: h('fieldset', { class: 'option-fields' }, ...labels), read };
}

function numberField(name: NumberName, given: RoomOptions) {
  const { label, min, max, fallback } = NUMBERS[name];
  const input = h('input', {
    type: 'number',
    inputmode: 'numeric',
    min: String(min),
    max: String(max),
    placeholder: String(fallback),
    value: given[name]?.toString(),
    'data-testid': `option-${name}`,
  });
  return { input, label: h('label', {}, label, input) };
}

function choiceField(name: ChoiceName, given: RoomOptions) {
  const { label, values } = CHOICES[name];
  const options = Object.entries(values).map(([value, text]) =>
    h('option', { value, selected: value === given[name] }, text),
  );
  const input = h('select', { 'data-testid': `option-${name}` }, ...options);
  return { input, label: h('label', {}, label, input) };
}

function switchField(name: SwitchName, given: RoomOptions) {
  const input = h('input', { type: 'checkbox', checked: given[name] ?? false, 'data-testid': `option-${name}` });
  return { input, label: h('label', { class: 'switch' }, input, SWITCHES[name]) };
}

function keysOf<Key extends string>(record: Record<Key, unknown>): Key[] {
  return Object.keys(record) as Key[];
}
