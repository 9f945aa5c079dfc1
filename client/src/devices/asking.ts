import { type DeviceSource, KINDS, statusOf } from './state.ts';

/** What is asked for, by source. */
export type Wishes = Partial<Record<DeviceSource, MediaTrackConstraints>>;

/** What came of it: a track, or why there is none. */
export type Answer = { track: MediaStreamTrack } | { error: unknown };

/**
 * Asks for microphone and camera: for both in one question, and where not both can be had, for either. Whom the user has refused is not
 * asked about again.
 */
export async function ask(devices: MediaDevices | undefined, wishes: Wishes): Promise<Map<DeviceSource, Answer>> {
  const sources = Object.keys(wishes) as DeviceSource[];
  const together = await attempt(devices, wishes);
  if (sources.length < 2 || !(together instanceof Failure)) return answers(sources, together);
  const separate = new Map<DeviceSource, Answer>();
  const refused = statusOf(together.error) === 'denied' ? await refusedOf(sources) : [];
  for (const source of sources) {
    const given = refused.includes(source) ? together : await attempt(devices, { [source]: wishes[source] });
    separate.set(source, answerOf(source, given));
  }
  return separate;
}

class Failure {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

async function attempt(devices: MediaDevices | undefined, { microphone, camera }: Wishes) {
  if (!devices)
    return new Failure(new DOMException('only pages from https or localhost are given devices', 'SecurityError'));
  try {
    return await devices.getUserMedia({ ...(microphone && { audio: microphone }), ...(camera && { video: camera }) });
  } catch (error) {
    return new Failure(error);
  }
}

/** Of sources that were refused together, those that the refusal is about: one may be blocked for good, and the other not. */
async function refusedOf(sources: readonly DeviceSource[]): Promise<readonly DeviceSource[]> {
  const permissions = await Promise.all(sources.map(permissionOf));
  const blocked = sources.filter((_, index) => permissions[index] === 'denied');
  return blocked.length > 0 ? blocked : sources;
}

async function permissionOf(name: DeviceSource): Promise<PermissionState | undefined> {
  try {
    return (await navigator.permissions.query({ name })).state;
  } catch {
    // Not every browser tells.
    return undefined;
  }
}

function answers(sources: readonly DeviceSource[], given: MediaStream | Failure): Map<DeviceSource, Answer> {
  return new Map(sources.map((source) => [source, answerOf(source, given)]));
}

function answerOf(source: DeviceSource, given: MediaStream | Failure): Answer {
  if (given instanceof Failure) return given;
  const track = given.getTracks().find(({ kind }) => kind === KINDS[source]);
  return track ? { track } : { error: new DOMException(`the ${source} gives nothing`, 'NotFoundError') };
}
