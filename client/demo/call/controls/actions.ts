import type { DeviceSource } from '../../../src/devices/index.ts';
import type { Call } from '../context.ts';
import { isRaised, LOWERED, raised } from '../people/hands.ts';
import { deviceTrouble } from '../words.ts';

/** Why one may not send a source, whatever one presses; undefined if one may. */
export function refusalOf({ room }: Call, source: DeviceSource): string | undefined {
  const { localParticipant: local, options } = room;
  if (local.isBlocked(source)) return `Your ${source} is muted by a moderator`;
  if (options.publishers === 'moderators' && local.role !== 'moderator')
    return `Only moderators may turn on a ${source} here`;
  return undefined;
}

/** Turns a device of one's own on or off; asks for it if it is not there yet. */
export async function toggleSource(call: Call, source: DeviceSource): Promise<void> {
  const { room, media, toasts, attempt } = call;
  const { localParticipant: local } = room;
  const refusal = refusalOf(call, source);
  if (refusal !== undefined) return toasts.say(`${refusal}.`);
  if (media.state(source).status === 'on') {
    await attempt(() => (local.isMuted(source) ? local.unmute(source) : local.mute(source)));
    return;
  }
  await media.open(source);
  const trouble = deviceTrouble(source, media.state(source).status);
  if (trouble !== undefined) toasts.say(trouble);
  else if (local.isMuted(source)) await attempt(() => local.unmute(source));
}

/** Telephones share no screens. */
export const CAN_SHARE = 'getDisplayMedia' in (navigator.mediaDevices ?? {});

export async function toggleScreen({ room, media, toasts }: Call): Promise<void> {
  const { status } = media.state('screen');
  if (status === 'on') return media.close('screen');
  if (status === 'asking' || !CAN_SHARE || (await media.shareScreen(room))) return;
  const failure = media.state('screen');
  if (failure.status === 'off') return;
  const why = failure.error instanceof Error ? failure.error.message : failure.status;
  // Firefox ends its sentences, Chromium does not.
  toasts.say(`Your screen is not shared: ${why.replace(/\.$/, '')}.`);
}

export function toggleHand({ room, attempt }: Call): Promise<boolean> {
  const { localParticipant: local } = room;
  return attempt(() => local.setMetadata(isRaised(local.metadata) ? LOWERED : raised(Date.now())));
}
