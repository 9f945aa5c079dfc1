import { memo } from 'react';
import type { DeviceSource } from '../../../src/devices/index.ts';
import {
  useLocalMedia,
  useLocalParticipant,
  useMetadata,
  useParticipant,
  useRoomOptions,
} from '../../../src/react/index.ts';
import { IconButton } from '../../parts/icon-button.tsx';
import { SOURCE_ICONS } from '../../parts/icon-paths.ts';
import { useCall } from '../context.ts';
import { isRaised } from '../people/hands.ts';
import { ReactionMenu } from '../reactions/reaction-menu.tsx';
import { CAN_SHARE, refusalOf, toggleHand, toggleScreen, toggleSource } from './actions.ts';

/** What one does oneself: speak, be seen, show a screen, raise a hand, leave. */
export const MediaControls = memo(function MediaControls() {
  const { room } = useCall();
  return (
    <fieldset className="button-group own-controls" aria-label="Your media">
      <SourceButton source="microphone" />
      <SourceButton source="camera" />
      {CAN_SHARE && <ScreenButton />}
      <HandButton />
      <ReactionMenu />
      <IconButton look="leave" icon="leave" label="Leave the call" testid="leave" onClick={() => room.leave()} />
    </fieldset>
  );
});

function SourceButton({ source }: { source: DeviceSource }) {
  const call = useCall();
  const { muted } = useParticipant(call.room.localParticipant);
  const { status } = useLocalMedia(call.media)[source];
  useRoomOptions();
  const refusal = refusalOf(call, source);
  const isOff = muted[source] || status !== 'on' || refusal !== undefined;
  const { on, off } = SOURCE_ICONS[source];
  return (
    <IconButton
      icon={isOff ? off : on}
      label={refusal ?? `Turn ${source} ${isOff ? 'on' : 'off'}`}
      testid={source}
      data-off={isOff || undefined}
      data-trouble={!['on', 'off', 'asking'].includes(status) || undefined}
      aria-busy={status === 'asking' || undefined}
      aria-disabled={refusal !== undefined || undefined}
      onClick={() => toggleSource(call, source)}
    />
  );
}

function ScreenButton() {
  const call = useCall();
  const { status } = useLocalMedia(call.media).screen;
  const isOn = status === 'on';
  return (
    <IconButton
      icon="screen"
      label={isOn ? 'Stop sharing your screen' : 'Share your screen'}
      testid="share"
      data-on={isOn || undefined}
      aria-busy={status === 'asking' || undefined}
      onClick={() => toggleScreen(call)}
    />
  );
}

function HandButton() {
  const call = useCall();
  const isUp = isRaised(useMetadata(useLocalParticipant()));
  return (
    <IconButton
      icon="hand"
      label={isUp ? 'Lower your hand' : 'Raise your hand'}
      testid="hand"
      data-on={isUp || undefined}
      onClick={() => toggleHand(call)}
    />
  );
}
