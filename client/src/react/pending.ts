import type { Room, RoomEvents } from '../index.ts';

export type RoomEventName = keyof RoomEvents;

export type DeviceSource = 'microphone' | 'camera';
export type DeviceStatus = 'off' | 'asking' | 'on' | 'denied' | 'missing' | 'busy' | 'unplugged' | 'failed';
export interface SourceState {
  status: DeviceStatus;
  deviceId?: string;
  label?: string;
  error?: unknown;
}
export interface LocalMedia {
  readonly stream: MediaStream;
  on(name: 'changed' | 'devicesChanged' | 'levelChanged', listener: (...args: readonly unknown[]) => void): () => void;
  state(source: DeviceSource | 'screen'): SourceState;
  isMuted(source: DeviceSource): boolean;
  readonly microphones: readonly MediaDeviceInfo[];
  readonly cameras: readonly MediaDeviceInfo[];
  readonly speakers: readonly MediaDeviceInfo[];
  readonly level: number;
}
export type { Room };
