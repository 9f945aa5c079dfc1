import type { DeviceSource, LocalMedia } from '../../src/devices/index.ts';
import { type SourceView, useLocalMedia, Video } from '../../src/react/index.ts';
import { Avatar } from '../parts/avatar.tsx';
import { CameraPicker, MicrophonePicker, SpeakerPicker } from '../parts/device-picker.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { SOURCE_ICONS } from '../parts/icon-paths.ts';
import { LevelMeter } from '../parts/level-meter.tsx';
import { remember } from '../remembered.ts';
import { troubleOf } from './trouble.ts';
import { TroubleHelp } from './trouble-help.tsx';

/** One's own picture and sound before the call, and what of them one wants to join with. */
export function Preview({ media, name }: { media: LocalMedia; name: string }) {
  const view = useLocalMedia(media);
  const isAsking = view.microphone.status === 'asking' || view.camera.status === 'asking';
  const trouble = troubleOf(view);
  return (
    <section className="preview" aria-label="Your picture and sound" aria-busy={isAsking}>
      <div className="preview-picture">
        {isOn(view.camera) ? (
          <Video publication={media} mirror data-testid="preview" />
        ) : (
          <Still name={name} isAsking={isAsking} words={isAsking ? QUESTION : wordsOf(view.camera)} />
        )}
        {isOn(view.microphone) && <LevelMeter media={media} />}
        {trouble && <TroubleHelp media={media} trouble={trouble} />}
        <div className="preview-controls">
          <MicrophoneSwitch media={media} isOn={isOn(view.microphone)} />
          <CameraSwitch media={media} isOn={isOn(view.camera)} />
        </div>
      </div>
      <div className="pickers">
        <MicrophonePicker media={media} />
        <SpeakerPicker media={media} />
        <CameraPicker media={media} />
      </div>
    </section>
  );
}

const QUESTION = 'Your browser asks you: allow camera and microphone';

const isOn = ({ status, isMuted }: SourceView) => status === 'on' && !isMuted;

const wordsOf = ({ status }: SourceView) => (status === 'off' ? 'Your camera is off' : 'Nobody will see you');

function Still({ name, isAsking, words }: { name: string; isAsking: boolean; words: string }) {
  return (
    <div className="preview-still">
      <Avatar name={name || '?'} />
      <p data-is={isAsking ? 'asking' : 'off'}>{words}</p>
    </div>
  );
}

interface SwitchProps {
  media: LocalMedia;
  isOn: boolean;
}

/** A microphone that is off stays open, so that it is on again at once. */
function MicrophoneSwitch({ media, isOn }: SwitchProps) {
  const toggle = async () => {
    remember({ isMicrophoneOn: !isOn });
    if (isOn) await media.mute('microphone');
    else await Promise.all([media.unmute('microphone'), media.open('microphone')]);
  };
  return <SourceSwitch source="microphone" isOn={isOn} toggle={toggle} />;
}

/** A camera that is off is given back, and its light goes out. */
function CameraSwitch({ media, isOn }: SwitchProps) {
  const toggle = async () => {
    remember({ isCameraOn: !isOn });
    if (isOn) media.close('camera');
    else await Promise.all([media.unmute('camera'), media.open('camera')]);
  };
  return <SourceSwitch source="camera" isOn={isOn} toggle={toggle} />;
}

function SourceSwitch({ source, isOn, toggle }: { source: DeviceSource; isOn: boolean; toggle: () => Promise<void> }) {
  return (
    <IconButton
      icon={SOURCE_ICONS[source][isOn ? 'on' : 'off']}
      label={`Turn ${source} ${isOn ? 'off' : 'on'}`}
      data-off={!isOn || undefined}
      testid={source}
      onClick={toggle}
    />
  );
}
