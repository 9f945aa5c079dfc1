import { type ReactNode, useEffect, useRef } from 'react';
import { IconButton } from '../parts/icon-button.tsx';
import { ChatPanel } from './chat/chat-panel.tsx';
import { useCall } from './context.ts';
import { TITLES } from './controls/panel-controls.tsx';
import { PeoplePanel } from './people/people-panel.tsx';
import { SettingsPanel } from './settings/settings-panel.tsx';
import { StatsPanel } from './stats/stats-panel.tsx';
import { useStored } from './store.ts';
import type { PanelName } from './ui.ts';

const BODIES: Record<PanelName, () => ReactNode> = {
  chat: () => <ChatPanel />,
  people: () => <PeoplePanel />,
  settings: () => <SettingsPanel />,
  stats: () => <StatsPanel />,
};

/** One panel at a time beside the pictures; over them where there is no room. */
export function SidePanel() {
  const { ui } = useCall();
  const panel = useStored(ui, (state) => state.panel);
  return panel && <Panel key={panel} name={panel} />;
}

function Panel({ name }: { name: PanelName }) {
  const { ui } = useCall();
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    const { current } = element;
    // The chat has taken the focus itself.
    if (!current?.contains(document.activeElement)) current?.focus({ preventScroll: true });
    const button = document.getElementById(`panel-${name}`);
    return () => {
      // Whoever was in the panel is back where it was opened; whoever has another open already stays there.
      if (document.activeElement === document.body || current?.contains(document.activeElement)) button?.focus();
    };
  }, [name]);
  return (
    <aside className="panel" ref={element} tabIndex={-1} aria-labelledby="panel-title" data-testid="panel">
      <header>
        <h2 id="panel-title">{TITLES[name]}</h2>
        <IconButton
          look="bare"
          icon="close"
          label="Close"
          testid="close-panel"
          onClick={() => ui.change({ panel: undefined })}
        />
      </header>
      {BODIES[name]()}
    </aside>
  );
}
