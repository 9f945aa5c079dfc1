import type { RoomOptions } from '../../src/index.ts';

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

/** The fields for how a room is run; `readRoomOptions` reads them. */
export function RoomOptionFields({ given, isDisabled }: { given: RoomOptions; isDisabled: boolean }) {
  return (
    <fieldset className="option-fields" disabled={isDisabled} aria-label="Options of the room">
      {keysOf(NUMBERS).map((name) => (
        <NumberField key={name} name={name} given={given[name]} />
      ))}
      {keysOf(CHOICES).map((name) => (
        <label key={name}>
          {CHOICES[name].label}
          <select name={name} defaultValue={given[name]} data-testid={`option-${name}`}>
            {Object.entries(CHOICES[name].values).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
      ))}
      {keysOf(SWITCHES).map((name) => (
        <label key={name} className="switch">
          <input type="checkbox" name={name} defaultChecked={given[name]} data-testid={`option-${name}`} />
          {SWITCHES[name]}
        </label>
      ))}
    </fieldset>
  );
}

function NumberField({ name, given }: { name: keyof typeof NUMBERS; given: number | undefined }) {
  const { label, min, max, fallback } = NUMBERS[name];
  return (
    <label>
      {label}
      <input
        type="number"
        inputMode="numeric"
        name={name}
        min={min}
        max={max}
        placeholder={String(fallback)}
        defaultValue={given}
        data-testid={`option-${name}`}
      />
    </label>
  );
}

/** What was chosen, over what was `given` with the address. */
export function readRoomOptions(form: FormData, given: RoomOptions): RoomOptions {
  const text = (name: string) => String(form.get(name) ?? '');
  const filled = [...keysOf(NUMBERS), ...keysOf(CHOICES)].filter((name) => text(name) !== '');
  return {
    ...given,
    ...Object.fromEntries(filled.map((name) => [name, name in NUMBERS ? Number(text(name)) : text(name)])),
    ...Object.fromEntries(keysOf(SWITCHES).map((name) => [name, form.has(name)])),
  };
}

function keysOf<Key extends string>(record: Record<Key, unknown>): Key[] {
  return Object.keys(record) as Key[];
}
