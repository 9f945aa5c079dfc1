import { memo } from 'react';
import type { Participant, PublicationName } from '../../../src/index.ts';
import { IconButton } from '../../parts/icon-button.tsx';
import { useCall } from '../context.ts';
import { useStored } from '../store.ts';
import type { Box } from './grid-layout.ts';
import { captionOf, Tile } from './tile.tsx';

export interface SeatProps extends Box {
  /** What it is known by on the stage. */
  seat: string;
  participant: Participant;
  name: PublicationName;
  isLarge: boolean;
  /** Of all seats the keyboard comes to one; the arrow keys lead to the others. */
  hasTurn: boolean;
}

/** A place on the stage. What stands there changes its place by a transform: nothing around it has to move for that. */
export const Seat = memo(function Seat({ seat, participant, name, isLarge, hasTurn, x, y, width, height }: SeatProps) {
  const { room, ui } = useCall();
  const isPinned = useStored(ui, ({ pinned }) => pinned === seat);
  const isLocal = participant === room.localParticipant;
  const togglePin = () => ui.change({ pinned: isPinned ? undefined : seat });
  // A screen is nobody: only tiles of people say whose they are.
  const identity =
    name === 'screen'
      ? { 'data-testid': 'screen', 'data-sharer': participant.name }
      : { 'data-testid': 'tile', 'data-participant': participant.name };
  return (
    <li
      className="seat"
      style={{ width, height, transform: `translate(${x}px, ${y}px)` }}
      aria-label={captionOf({ name: participant.name, isLocal }, name)}
      tabIndex={hasTurn ? 0 : -1}
      data-seat={seat}
      data-local={isLocal || undefined}
      data-large={isLarge || undefined}
      onDoubleClick={togglePin}
      {...identity}
    >
      <Tile participant={participant} name={name} />
      <IconButton
        className="tile-pin"
        look="bare"
        icon="pin"
        tabIndex={-1}
        label={isPinned ? 'Show in its place' : 'Show large'}
        testid="pin"
        data-on={isPinned || undefined}
        onClick={togglePin}
      />
    </li>
  );
});
