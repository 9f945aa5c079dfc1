import { type HTMLAttributes, memo, useState } from 'react';
import type { CloseReason, Participant, Room } from '../index.ts';
import { RoomProvider, useRoom } from './context.ts';
import { useLocalParticipant, useParticipant, useParticipants, usePublications } from './participants.ts';
import { usePlayback, useRoomEvent, useRoomState } from './room-hooks.ts';
import { VideoTile } from './video-tile.tsx';

export interface CallProps extends HTMLAttributes<HTMLDivElement> {
  room: Room;
  /** Called when the room is closed: left by the button, or for another reason. */
  onLeave?: ((reason: CloseReason, description?: string) => void) | undefined;
}

/**
 * A complete plain call: everybody's tile, buttons to mute oneself and to leave, and a word when something is amiss. With
 * `@hyperroom/client/react/style.css` it fills the element that it is in. Children come among its buttons.
 */
export function Call({ room, onLeave, children, ...rest }: CallProps) {
  return (
    <RoomProvider room={room}>
      <div data-hyperroom="call" {...rest}>
        <Closing onLeave={onLeave} />
        <Tiles />
        <Notice />
        <Controls>{children}</Controls>
      </div>
    </RoomProvider>
  );
}

function Closing({ onLeave }: { onLeave: CallProps['onLeave'] }) {
  useRoomEvent('closed', (...why) => onLeave?.(...why));
  return null;
}

function Tiles() {
  const participants = useParticipants();
  return (
    <ul data-part="tiles" aria-label="Participants" data-count={participants.length}>
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
        <li>
          <VideoTile participant={participant} publication="screen" />
        </li>
      )}
      <li>
        <VideoTile participant={participant} />
      </li>
    </>
  );
});

function Notice() {
  const state = useRoomState();
  const { playback, start } = usePlayback();
  return (
    <div data-part="notice" role="status">
      {state === 'reconnecting' && <span>Reconnecting…</span>}
      {playback === 'blocked' && (
        <button type="button" onClick={start}>
          Play sound
        </button>
      )}
    </div>
  );
}

function Controls({ children }: Pick<CallProps, 'children'>) {
  const room = useRoom();
  return (
    <section data-part="controls" aria-label="Call controls">
      <MuteButton source="microphone" />
      <MuteButton source="camera" />
      {children}
      <button type="button" data-part="leave" onClick={() => room.leave()}>
        Leave
      </button>
    </section>
  );
}

/** Pressed while the source is muted; nothing if it is not published. */
function MuteButton({ source }: { source: 'microphone' | 'camera' }) {
  const local = useLocalParticipant();
  const { muted, blocked, publications } = useParticipant(local);
  const [failure, setFailure] = useState<string>();
  if (!publications.main?.sources.includes(source)) return null;
  const toggle = () => {
    setFailure(undefined);
    const done = muted[source] ? local.unmute(source) : local.mute(source);
    done.catch((error: Error) => setFailure(error.message));
  };
  return (
    <button
      type="button"
      data-source={source}
      aria-pressed={muted[source]}
      disabled={blocked[source]}
      title={blocked[source] ? 'Muted by a moderator' : failure}
      onClick={toggle}
    >
      {source === 'microphone' ? 'Mute' : 'Camera off'}
    </button>
  );
}
