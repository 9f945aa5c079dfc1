import type { LocalMedia } from '../../src/devices/index.ts';
import { useLocalMedia } from '../../src/react/index.ts';
import { Button } from './button.tsx';
import { CameraPicker, MicrophonePicker, SpeakerPicker } from './device-picker.tsx';
import { LevelMeter } from './level-meter.tsx';

/** Which devices are used in a call, and whether any are: without, one watches and listens. */
export function DeviceSettings({ media }: { media: LocalMedia }) {
  const { microphone, camera } = useLocalMedia(media);
  const isOpen = microphone.status === 'on' || camera.status === 'on';
  return (
    <section className="device-settings">
      <h3>Devices</h3>
      <MicrophonePicker media={media} />
      {microphone.status === 'on' && <LevelMeter media={media} />}
      <CameraPicker media={media} />
      <SpeakerPicker media={media} />
      <Button testid="publish" onClick={() => (isOpen ? media.close() : void media.open())}>
        {isOpen ? 'Stop camera and microphone' : 'Start camera and microphone'}
      </Button>
    </section>
  );
}
