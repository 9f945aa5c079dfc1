import type { DeviceSource, DeviceStatus } from '../../src/devices/index.ts';
import type { LocalMediaView } from '../../src/react/index.ts';

type TroubleStatus = Exclude<DeviceStatus, 'off' | 'asking' | 'on'>;

/** What keeps devices from being used. */
export interface Trouble {
  status: TroubleStatus;
  /** Those that have it in common. */
  sources: readonly DeviceSource[];
}

/** What is wrong; the microphone's trouble is the worse one, if they differ. */
export function troubleOf(view: LocalMediaView): Trouble | undefined {
  const sources = ['microphone', 'camera'] as const;
  const first = sources.find((source) => isTrouble(view[source].status));
  if (!first) return undefined;
  const { status } = view[first];
  if (!isTrouble(status)) return undefined;
  return { status, sources: sources.filter((source) => view[source].status === status) };
}

function isTrouble(status: DeviceStatus): status is TroubleStatus {
  return status !== 'off' && status !== 'asking' && status !== 'on';
}

/** What is wrong, in a sentence. */
export function summaryOf({ status, sources }: Trouble): string {
  const them = sources.length === 2 ? 'Camera and microphone' : `Your ${sources[0]}`;
  const [is, was, does] = sources.length === 2 ? ['are', 'were', 'do'] : ['is', 'was', 'does'];
  switch (status) {
    case 'denied':
      return `${them} ${is} blocked`;
    case 'missing':
      return sources.length === 2 ? 'No camera or microphone was found' : `No ${sources[0]} was found`;
    case 'busy':
      return `${them} ${is} in use by another program`;
    case 'unplugged':
      return `${them} ${was} unplugged`;
    case 'failed':
      return `${them} ${does} not work`;
  }
}

/** What to do about it, one step after the other. */
export function adviceOf({ status, sources }: Trouble, userAgent: string): string[] {
  const them = sources.length === 2 ? 'camera and microphone' : `the ${sources[0]}`;
  switch (status) {
    case 'denied':
      return [
        ...howToAllow(userAgent, them),
        'If that does not help, look into the privacy settings of your system: it, too, may keep devices from your browser.',
      ];
    case 'missing':
      return [`Plug ${sources.length === 2 ? 'them' : 'one'} in, and wait for a moment.`, 'Then choose “Try again”.'];
    case 'busy':
      return [
        `Close other programs, and other tabs, that use ${them}: a call in another window, say.`,
        'Then choose “Try again”. If nothing else helps, restart your browser.',
      ];
    case 'unplugged':
      return ['Check the cable, or the battery of a wireless device.', 'Then choose “Try again”, or another device.'];
    case 'failed':
      return ['Choose another device below the picture.', 'Or plug it out and in again, then choose “Try again”.'];
  }
}

function howToAllow(userAgent: string, them: string): string[] {
  if (/Firefox\//.test(userAgent)) {
    return [
      'Choose the crossed-out camera or microphone left of the address, above this page.',
      `Remove “Blocked” from ${them}, then choose “Try again”, and allow it.`,
    ];
  }
  if (/Safari\//.test(userAgent) && !/Chrom/.test(userAgent)) {
    return [
      'On a Mac, open the menu Safari, then “Settings for this Website”. On an iPhone, choose the button left of the address.',
      `Allow ${them}, and load this page again.`,
    ];
  }
  return [
    'Choose the symbol left of the address, above this page.',
    `Switch ${them} on there, then choose “Try again”.`,
  ];
}
