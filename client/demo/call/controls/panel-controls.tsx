import { memo } from 'react';
import { useChat, useLocalParticipant, useParticipant, useWaiting } from '../../../src/react/index.ts';
import type { IconName } from '../../parts/icon.tsx';
import { IconButton } from '../../parts/icon-button.tsx';
import { useCall } from '../context.ts';
import { useStored } from '../store.ts';
import { PANELS, type PanelName, togglePanel, toggleView } from '../ui.ts';

export const TITLES: Record<PanelName, string> = {
  chat: 'Chat',
  people: 'Participants',
  settings: 'Settings',
  stats: 'Statistics',
};

const ICONS: Record<PanelName, IconName> = { chat: 'chat', people: 'people', settings: 'settings', stats: 'stats' };

/** What one looks at. */
export const PanelControls = memo(function PanelControls() {
  const { ui } = useCall();
  const view = useStored(ui, (state) => state.view);
  return (
    <fieldset className="button-group panel-controls" aria-label="View and panels">
      <IconButton
        icon={view === 'grid' ? 'speakerView' : 'gridView'}
        label={view === 'grid' ? 'Speaker view' : 'Grid view'}
        testid="view"
        onClick={() => toggleView(ui)}
      />
      {PANELS.map((panel) => (
        <PanelButton key={panel} panel={panel} />
      ))}
      <IconButton
        icon="keyboard"
        label="Keyboard shortcuts"
        testid="help"
        aria-haspopup="dialog"
        onClick={() => ui.change({ isHelpShown: true })}
      />
    </fieldset>
  );
});

function PanelButton({ panel }: { panel: PanelName }) {
  const { ui } = useCall();
  const isOpen = useStored(ui, (state) => state.panel === panel);
  const mark = useMarks()[panel] ?? 0;
  const label = mark > 0 ? `${TITLES[panel]} (${mark} new)` : TITLES[panel];
  return (
    <IconButton
      id={`panel-${panel}`}
      icon={ICONS[panel]}
      label={label}
      isExpanded={isOpen}
      mark={mark}
      testid={`panel-${panel}`}
      onClick={() => togglePanel(ui, panel)}
    />
  );
}

/** How much is new in each panel. */
function useMarks(): Partial<Record<PanelName, number>> {
  const { unread } = useChat();
  const waiting = useWaiting().length;
  const { role } = useParticipant(useLocalParticipant());
  return { chat: unread, people: role === 'moderator' ? waiting : 0 };
}
