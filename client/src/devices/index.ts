export { LocalMedia, type LocalMediaEvents, type LocalMediaOptions } from './local-media.ts';
export type { ShareOptions } from './screen-share.ts';
export type { DeviceSource, DeviceStatus, SourceState, VideoSize } from './state.ts';
