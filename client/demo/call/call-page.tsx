import { memo, useEffect, useMemo, useRef } from 'react';
import type { CloseReason } from '../../src/index.ts';
import { RoomProvider, useParticipants, useRoomEvent, useRoomOptions } from '../../src/react/index.ts';
import { Icon } from '../parts/icon.tsx';
import { Banners } from './banners/banners.tsx';
import { type Call, type CallOf, CallProvider, newCall, useCall } from './context.ts';
import { MediaControls } from './controls/media-controls.tsx';
import { PanelControls } from './controls/panel-controls.tsx';
import { CopyLink } from './copy-link.tsx';
import { HelpDialog } from './keyboard/help-dialog.tsx';
import { useShortcuts } from './keyboard/use-shortcuts.ts';
import { Knock } from './knock.tsx';
import { useRoomTitle } from './room-title.ts';
import { SidePanel } from './side-panel.tsx';
import { Stage } from './stage/stage.tsx';
import { tell } from './tell.ts';
import { ToastList } from './toast-list.tsx';

export interface CallPageProps extends CallOf {
  /** Called when the call is over, for whatever reason. */
  onEnd?: (ending: { reason: CloseReason; description: string | undefined }) => void;
}

/** The call itself, from the join to its end. */
export function CallPage({ room, media, link, onEnd }: CallPageProps) {
  const call = useMemo(() => newCall({ room, media, link }), [room, media, link]);
  return (
    <RoomProvider room={room}>
      <CallProvider value={call}>
        <Course call={call} onEnd={onEnd} />
        <Layout />
      </CallProvider>
    </RoomProvider>
  );
}

/** What goes on behind the page. */
function Course({ call, onEnd }: { call: Call; onEnd: CallPageProps['onEnd'] }) {
  const title = useRoomTitle();
  useShortcuts(call);
  useRoomEvent('closed', (reason, description) => onEnd?.({ reason, description }));
  useEffect(() => call.media.follow(call.room), [call]);
  useEffect(() => {
    const over = new AbortController();
    tell(call, over.signal);
    return () => {
      over.abort();
      call.toasts.close();
    };
  }, [call]);
  useEffect(() => {
    document.title = `${title} · Hyperroom`;
  }, [title]);
  return null;
}

const Layout = memo(function Layout() {
  const main = useRef<HTMLElement>(null);
  // What was there before the call has taken its focus along.
  useEffect(() => main.current?.focus(), []);
  return (
    <main className="call" ref={main} tabIndex={-1} data-testid="call">
      <Header />
      <div className="call-body">
        <div className="stage-area">
          <Stage />
          <div className="notices">
            <Banners />
            <Knock />
          </div>
          <ToastList />
        </div>
        <SidePanel />
      </div>
      <footer className="controls">
        <MediaControls />
        <PanelControls />
      </footer>
      <HelpDialog />
    </main>
  );
});

function Header() {
  const { link } = useCall();
  const title = useRoomTitle();
  const { length } = useParticipants();
  const { locked } = useRoomOptions();
  return (
    <header className="call-header">
      <h1 data-testid="room-title" title={title}>
        {title}
      </h1>
      {locked && (
        <span className="count" role="img" aria-label="locked" title="Locked">
          <Icon name="lock" />
        </span>
      )}
      <span className="count">
        <Icon name="people" />
        <span data-testid="count">{length}</span>
        <span className="visually-hidden">{length === 1 ? 'participant' : 'participants'}</span>
      </span>
      <CopyLink link={link} look="quiet" />
    </header>
  );
}
