import { RoomSettings } from './room-settings.tsx';

/** One's devices, and the room. */
export function SettingsPanel() {
  return (
    <div className="panel-body">
      <RoomSettings />
    </div>
  );
}
