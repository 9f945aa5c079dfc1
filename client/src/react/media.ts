import type { LocalMedia, SourceState } from '../devices/index.ts';
import { pick, record, remembered } from './sharing.ts';
import { useView } from './subscribing.ts';

const CHANGED = ['changed'] as const;
const DEVICES = ['devicesChanged'] as const;
const LEVEL = ['levelChanged'] as const;

/** A camera, microphone or screen at one moment. */
export interface SourceView extends SourceState {
  readonly isMuted: boolean;
}

/** Local media as they are at one moment. */
export interface LocalMediaView {
  readonly microphone: SourceView;
  readonly camera: SourceView;
  readonly screen: SourceState;
}

/** The devices that there are; their labels are empty until the user has allowed one of their kind. */
export interface Devices {
  readonly microphones: readonly MediaDeviceInfo[];
  readonly cameras: readonly MediaDeviceInfo[];
  readonly speakers: readonly MediaDeviceInfo[];
}

const viewOf = remembered(
  (media: LocalMedia): LocalMediaView => ({
    ...record(['microphone', 'camera'], (source) => ({ ...media.state(source), isMuted: media.isMuted(source) })),
    screen: media.state('screen'),
  }),
);
const devicesOf = remembered((media: LocalMedia): Devices => pick(media, 'microphones', 'cameras', 'speakers'));

/** How camera, microphone and screen fare: the same object until that changes. */
export function useLocalMedia(media: LocalMedia): LocalMediaView {
  return useView(media, CHANGED, () => viewOf(media));
}

/** The devices that can be chosen from, by `media.select`. */
export function useDevices(media: LocalMedia): Devices {
  return useView(media, DEVICES, () => devicesOf(media));
}

/** How loud the microphone is, 0 to 1. It renders often: keep what it renders small. */
export function useMicrophoneLevel(media: LocalMedia): number {
  return useView(media, LEVEL, () => media.level);
}
