import { useState } from 'react';
import { Dialog } from '../../parts/dialog.tsx';
import { recall, remember } from '../../remembered.ts';
import { useCall } from '../context.ts';
import { useStored } from '../store.ts';
import { SHORTCUTS } from './shortcuts.ts';

const FURTHER = [
  { keys: ['Space'], label: 'Speak while you hold it' },
  { keys: ['↑', '↓', '←', '→'], label: 'From picture to picture' },
  { keys: ['Enter'], label: 'Show a picture large, or in its place' },
  { keys: ['Esc'], label: 'Close what is open' },
];

/** What the keyboard can do. */
export function HelpDialog() {
  const { ui } = useCall();
  const isShown = useStored(ui, (state) => state.isHelpShown);
  if (!isShown) return null;
  return (
    <Dialog title="Keyboard shortcuts" testid="help-dialog" onClose={() => ui.change({ isHelpShown: false })}>
      <dl className="shortcuts">
        {Object.entries(SHORTCUTS).map(([key, { label }]) => (
          <Shortcut key={key} keys={[key.toUpperCase()]} label={label} />
        ))}
        {FURTHER.map((shortcut) => (
          <Shortcut key={shortcut.label} {...shortcut} />
        ))}
      </dl>
      <Preference />
    </Dialog>
  );
}

function Shortcut({ keys, label }: { keys: readonly string[]; label: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dd>
    </div>
  );
}

/** Who speaks to the computer, or hits keys unmeant, wants none of them. */
function Preference() {
  const [isOn, setOn] = useState(() => recall().areShortcutsOn);
  const change = (isChecked: boolean) => {
    setOn(isChecked);
    remember({ areShortcutsOn: isChecked });
  };
  return (
    <label className="switch">
      <input
        type="checkbox"
        checked={isOn}
        data-testid="shortcuts-on"
        onChange={({ currentTarget }) => change(currentTarget.checked)}
      />
      Shortcuts of one letter are on
    </label>
  );
}
