import type { LocalMedia } from '../../src/devices/index.ts';
import { useDevices, useLocalMedia } from '../../src/react/index.ts';
import { remember } from '../remembered.ts';
import { Icon, type IconName } from './icon.tsx';
import { CAN_CHOOSE_SPEAKER, chooseSpeaker, useSpeaker } from './speaker.ts';

/** Which microphone is used. */
export function MicrophonePicker({ media }: { media: LocalMedia }) {
  const { microphones } = useDevices(media);
  const { microphone } = useLocalMedia(media);
  const choose = (deviceId: string) => {
    remember({ microphone: deviceId });
    void media.select('microphone', deviceId);
  };
  return <Picker name="microphone" devices={microphones} chosen={microphone.deviceId} choose={choose} />;
}

/** Which camera is used. */
export function CameraPicker({ media }: { media: LocalMedia }) {
  const { cameras } = useDevices(media);
  const { camera } = useLocalMedia(media);
  const choose = (deviceId: string) => {
    remember({ camera: deviceId });
    void media.select('camera', deviceId);
  };
  return <Picker name="camera" devices={cameras} chosen={camera.deviceId} choose={choose} />;
}

/** Where sound is played; nothing in browsers that leave that to the system. */
export function SpeakerPicker({ media }: { media: LocalMedia }) {
  const { speakers } = useDevices(media);
  const chosen = useSpeaker();
  if (!CAN_CHOOSE_SPEAKER) return null;
  return <Picker name="speaker" devices={speakers} chosen={chosen || 'default'} choose={chooseSpeaker} />;
}

const LOOKS: Record<PickerProps['name'], { label: string; icon: IconName }> = {
  microphone: { label: 'Microphone', icon: 'microphone' },
  camera: { label: 'Camera', icon: 'camera' },
  speaker: { label: 'Speaker', icon: 'speaker' },
};

interface PickerProps {
  name: 'microphone' | 'camera' | 'speaker';
  devices: readonly MediaDeviceInfo[];
  chosen: string | undefined;
  choose: (deviceId: string) => void;
}

function Picker({ name, devices, chosen, choose }: PickerProps) {
  const { label, icon } = LOOKS[name];
  const isKnown = devices.some(({ deviceId }) => deviceId === chosen);
  return (
    <label className="picker">
      <Icon name={icon} />
      <span className="picker-label">{label}</span>
      <select
        value={isKnown ? chosen : ''}
        disabled={devices.length === 0}
        title={label}
        data-testid={`device-${name}`}
        onChange={({ currentTarget: { value } }) => choose(value)}
      >
        {!isKnown && <option value="">{devices.length === 0 ? label : `Choose a ${name}`}</option>}
        {devices.map((device, index) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || `${label} ${index + 1}`}
          </option>
        ))}
      </select>
    </label>
  );
}
