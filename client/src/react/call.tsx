import { type HTMLAttributes, memo, type ReactNode, useState } from 'react';
import type { CloseReason, Participant, Room, RoomState } from '../index.ts';
import { RoomProvider, useRoom } from './context.ts';
import { usePlayback, useRoomEvent, useRoomState } from './hooks.ts';
import { useLocalParticipant, useParticipant, useParticipants, usePublications } from './participants.ts';
import { VideoTile } from './video.tsx';

/** Of `Call`, besides what a `div` takes. */
export interface CallProps extends HTMLAttributes<HTMLDivElement> {
  /** A room that has been joined. */
  room: Room;
  /** Called once the room is closed: left by the button, or for another reason. `description` is what a moderator had to say. */
  onLeave?: ((reason: CloseReason, description?: string) => void) | undefined;
  /** Comes among the buttons, and may use all hooks of the room. */
  children?: ReactNode;
}

/**
 * A complete plain call: everybody's tile, shared screens, buttons to mute oneself and to leave, and a word when something is amiss. With
 * `@hyperroom/client/react/style.css` it fills the element that it is in.
 *
 * @example
 * <Call room={room} onLeave={() => navigate('/')} style={{ height: '100vh' }} />
 */
export function Call({ room, onLeave, children, ...rest }: CallProps) {
  return (
    <RoomProvider room={room}>
      <div data-hyperroom="call" {...rest}>
        <Notice onLeave={onLeave} />
        <Tiles />
        <Controls>{children}</Controls>
      </div>
    </RoomProvider>
  );
}

const NOTICES: Partial<Record<RoomState, string>> = { reconnecting: 'Reconnecting…', closed: 'The call is over' };

/** There from the beginning: what is put into a status later, screen readers tell. */
function Notice({ onLeave }: { onLeave: CallProps['onLeave'] }) {
  useRoomEvent('closed', (...why) => onLeave?.(...why));
  const notice = NOTICES[useRoomState()];
  const { playback, start } = usePlayback();
  return (
    <div data-part="notice" role="status">
      {notice && <span>{notice}</span>}
      {playback === 'blocked' && (
        <button type="button" onClick={start}>
          Play sound
        </button>
      )}
    </div>
  );
}

function Tiles() {
  const participants = useParticipants();
  return (
    <ul data-part="tiles" aria-label="Participants">
      {participants.map((participant) => (
        <TilesOf key={participant.id} participant={participant} />
      ))}
    </ul>
  );
}

const TilesOf = memo(function TilesOf({ participant }: { participant: Participant }) {
  const { screen } = usePublications(participant);
  return (
    <>
      {screen && (
        <li data-part="screen">
          <VideoTile participant={participant} publication="screen" />
        </li>
      )}
      <li>
        <VideoTile participant={participant} />
      </li>
    </>
  );
});

const SWITCHES = [
  { source: 'microphone', label: 'Mute microphone' },
  { source: 'camera', label: 'Turn camera off' },
] as const;

function Controls({ children }: { children: ReactNode }) {
  const room = useRoom();
  const local = useLocalParticipant();
  const { muted, blocked, publications } = useParticipant(local);
  const [failure, setFailure] = useState<string>();
  if (useRoomState() === 'closed') return null;
  const toggle = (source: 'microphone' | 'camera') =>
    (muted[source] ? local.unmute(source) : local.mute(source)).then(
      () => setFailure(undefined),
      (error: Error) => setFailure(error.message),
    );
  return (
    <section data-part="controls" aria-label="Call controls">
      {failure && <span role="alert">{failure}</span>}
      {SWITCHES.filter(({ source }) => publications.main?.sources.includes(source)).map(({ source, label }) => (
        <button
          key={source}
          type="button"
          aria-pressed={muted[source]}
          disabled={blocked[source]}
          title={blocked[source] ? 'Muted by a moderator' : undefined}
          onClick={() => toggle(source)}
        >
          {label}
        </button>
      ))}
      {children}
      <button type="button" data-part="leave" onClick={() => room.leave()}>
        Leave
      </button>
    </section>
  );
}
