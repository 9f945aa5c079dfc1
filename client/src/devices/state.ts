/** What comes from a device of one's own. */
export type DeviceSource = 'microphone' | 'camera';

/**
 * How it is with a device:
 * - `off`: not asked for, or closed
 * - `asking`: the browser asks its user, or opens the device
 * - `on`: its track is in `LocalMedia.stream`
 * - `denied`: the user, the system or a policy refuses it; also everywhere on pages that are not from https or localhost
 * - `missing`: there is no such device
 * - `busy`: another program has it, or the system does not give it
 * - `unplugged`: it was on, went away, and there is no other one of its kind
 * - `failed`: anything else
 */
export type DeviceStatus = 'off' | 'asking' | 'on' | 'denied' | 'missing' | 'busy' | 'unplugged' | 'failed';

/** How it is with a device. */
export interface SourceState {
  status: DeviceStatus;
  /** The device in use, or of one that is not on, the one that is opened next; undefined: the browser's choice. */
  deviceId?: string;
  /** What the browser calls the device in use. */
  label?: string;
  /**
   * Why it is not on, as the browser said it. Of one that is on: why it could not be exchanged for another, or why the room that is
   * followed has not got it.
   */
  error?: unknown;
}

/** What is asked of a camera; the browser comes as close as the camera can. */
export interface VideoSize {
  /** In pixels. */
  width: number;
  height: number;
  /** In frames a second. */
  frameRate: number;
}

export const BOTH = ['microphone', 'camera'] as const;

export const KINDS = { microphone: 'audio', camera: 'video' } as const;

/** What `getUserMedia` and `getDisplayMedia` reject with, by name. */
const STATUSES: Record<string, DeviceStatus> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

export function statusOf(error: unknown): DeviceStatus {
  return (error instanceof Error && STATUSES[error.name]) || 'failed';
}
