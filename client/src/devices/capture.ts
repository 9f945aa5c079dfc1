import { type Answer, ask, type Wishes } from './asking.ts';
import type { DeviceList } from './device-list.ts';
import { BOTH, type DeviceSource, type SourceState, statusOf, type VideoSize } from './state.ts';

export interface CaptureOptions {
  devices: MediaDevices | undefined;
  list: DeviceList;
  video: VideoSize;
  /** The devices to begin with. */
  chosen: Partial<Record<DeviceSource, string | undefined>>;
  isMuted: (source: DeviceSource) => boolean;
  /** Hears that a state changed; the stream has the tracks by then. */
  onChange: (source: DeviceSource) => void;
}

interface Device {
  state: SourceState;
  /** The one to open next; undefined: the browser's choice. */
  chosen: string | undefined;
  track?: MediaStreamTrack | undefined;
  opening?: Promise<void> | undefined;
}

/** Microphone and camera: opened, exchanged, closed, and what becomes of them meanwhile. */
export class Capture {
  readonly stream = new MediaStream();
  readonly #options: CaptureOptions;
  readonly #devices: Record<DeviceSource, Device>;

  constructor(options: CaptureOptions) {
    this.#options = options;
    const { microphone, camera } = options.chosen;
    this.#devices = { microphone: device(microphone), camera: device(camera) };
  }

  state(source: DeviceSource): SourceState {
    return this.#devices[source].state;
  }

  track(source: DeviceSource): MediaStreamTrack | undefined {
    return this.#devices[source].track;
  }

  /** Whether the browser, or its user, has yet to answer. */
  get isAsking(): boolean {
    return BOTH.some((source) => this.state(source).status === 'asking');
  }

  async open(sources: readonly DeviceSource[]): Promise<void> {
    const closed = sources.filter((source) => !this.track(source));
    const unasked = closed.filter((source) => !this.#devices[source].opening);
    if (unasked.length > 0) this.#ask(unasked);
    await Promise.all(closed.map((source) => this.#devices[source].opening));
  }

  async select(source: DeviceSource, deviceId: string): Promise<void> {
    const device = this.#devices[source];
    device.chosen = deviceId;
    if (device.state.status === 'off') this.#set(source, off(device));
    else if (device.track) await this.#exchange(source, device.track);
    else await this.#ask([source]);
  }

  close(source: DeviceSource): void {
    const device = this.#devices[source];
    device.opening = undefined;
    // It is to be the same one when it is opened again.
    if (device.track) device.chosen = device.state.deviceId;
    this.#drop(source);
    if (device.state.status !== 'off') this.#set(source, off(device));
  }

  /** Says of what is on why it is not sent, or that it is. */
  report(problem: unknown): void {
    for (const source of BOTH) {
      const { track, state } = this.#devices[source];
      if (track && state.error !== problem) this.#set(source, onWith(track, problem));
    }
  }

  #ask(sources: readonly DeviceSource[], isFallback = false): Promise<void> {
    const wishes = Object.fromEntries(sources.map((source) => [source, this.#wish(source)]));
    // What is closed, or asked for again, meanwhile has another `opening`, and does not want this answer any more.
    const isWanted = (source: DeviceSource) => this.#devices[source].opening === opening;
    const opening = this.#answer(wishes, (source, answer) => {
      if (isWanted(source)) this.#take(source, answer, isFallback);
      else if ('track' in answer) answer.track.stop();
    });
    for (const source of sources) {
      this.#devices[source].opening = opening;
      this.#set(source, { ...off(this.#devices[source]), status: 'asking' });
    }
    return opening;
  }

  async #answer(wishes: Wishes, take: (source: DeviceSource, answer: Answer) => void): Promise<void> {
    const answers = await ask(this.#options.devices, wishes);
    for (const [source, answer] of answers) take(source, answer);
    // Only who was allowed a device is told what it is called.
    await this.#options.list.read();
  }

  #take(source: DeviceSource, answer: Answer, isFallback: boolean): void {
    const device = this.#devices[source];
    device.opening = undefined;
    if ('track' in answer) {
      this.#hold(source, answer.track);
      return;
    }
    const status = statusOf(answer.error);
    const isGone = isFallback && status === 'missing';
    this.#set(source, { ...off(device), status: isGone ? 'unplugged' : status, error: answer.error });
  }

  /** The old one goes on until there is another, unless the system gives only one at a time. */
  async #exchange(source: DeviceSource, old: MediaStreamTrack): Promise<void> {
    const wishes = { [source]: this.#wish(source, true) };
    const deviceId = this.#devices[source].chosen;
    await this.#answer(wishes, (source, answer) => {
      const device = this.#devices[source];
      const isWanted = device.track === old && device.chosen === deviceId;
      if ('track' in answer) {
        if (isWanted) this.#hold(source, answer.track);
        else answer.track.stop();
      } else if (isWanted) this.#set(source, onWith(old, answer.error));
    });
    const isBusy = this.track(source) === old && statusOf(this.state(source).error) === 'busy';
    if (!isBusy) return;
    this.#drop(source);
    await this.#ask([source]);
  }

  #hold(source: DeviceSource, track: MediaStreamTrack): void {
    this.#drop(source);
    track.enabled = !this.#options.isMuted(source);
    track.addEventListener('ended', () => this.#ended(source, track));
    this.#devices[source].track = track;
    this.stream.addTrack(track);
    this.#set(source, onWith(track));
  }

  #drop(source: DeviceSource): void {
    const device = this.#devices[source];
    if (!device.track) return;
    this.stream.removeTrack(device.track);
    device.track.stop();
    device.track = undefined;
  }

  /** It was unplugged, or its permission was taken back. Another one of its kind takes its place, if there is one. */
  async #ended(source: DeviceSource, track: MediaStreamTrack): Promise<void> {
    const device = this.#devices[source];
    if (device.track !== track) return;
    this.#drop(source);
    device.chosen = undefined;
    await this.#ask([source], true);
  }

  #wish(source: DeviceSource, isExact = false): MediaTrackConstraints {
    const { chosen } = this.#devices[source];
    const deviceId = chosen !== undefined && { deviceId: isExact ? { exact: chosen } : { ideal: chosen } };
    if (source === 'microphone') {
      return { ...deviceId, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    }
    const { width, height, frameRate } = this.#options.video;
    return { ...deviceId, width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: frameRate } };
  }

  #set(source: DeviceSource, state: SourceState): void {
    this.#devices[source].state = state;
    this.#options.onChange(source);
  }
}

function device(chosen: string | undefined): Device {
  return { state: off({ chosen }), chosen };
}

function off({ chosen }: Pick<Device, 'chosen'>): SourceState {
  return { status: 'off', ...(chosen !== undefined && { deviceId: chosen }) };
}

function onWith(track: MediaStreamTrack, error?: unknown): SourceState {
  const { deviceId } = track.getSettings();
  return {
    status: 'on',
    label: track.label,
    ...(deviceId !== undefined && { deviceId }),
    ...(error !== undefined && { error }),
  };
}
