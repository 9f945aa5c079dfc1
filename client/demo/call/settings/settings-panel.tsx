import { DeviceSettings } from '../../parts/device-settings.tsx';
import { useCall } from '../context.ts';
import { RoomSettings } from './room-settings.tsx';

/** One's devices, and the room. */
export function SettingsPanel() {
  const { media } = useCall();
  return (
    <div className="panel-body">
      <DeviceSettings media={media} />
      <RoomSettings />
    </div>
  );
}
