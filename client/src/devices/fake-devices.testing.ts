import { FakeMediaStream, FakeTrack } from '../testing/fake-media.ts';

type Kind = 'audio' | 'video';

class DeviceTrack extends FakeTrack {
  readonly label: string;
  readonly #deviceId: string;
  isStopped = false;

  constructor(kind: Kind, { deviceId, label }: MediaDeviceInfo) {
    super(kind);
    this.#deviceId = deviceId;
    this.label = label;
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.#deviceId };
  }

  stop(): void {
    this.isStopped = true;
  }
}

/** `navigator.mediaDevices` with devices that are plugged in and out, and a user who answers. */
export class FakeDevices extends EventTarget {
  /** What was asked for, in order. */
  readonly asked: MediaStreamConstraints[] = [];
  readonly tracks: DeviceTrack[] = [];
  list: MediaDeviceInfo[];
  /** The name of the error that each kind is refused with. */
  refusals: Partial<Record<Kind | 'screen', string>> = {};
  /** Whether the user takes his time: `answer` is what he does then. */
  isSlow = false;
  answer: () => void = () => {};

  constructor(...devices: [kind: MediaDeviceKind, id: string][]) {
    super();
    this.list = devices.map(([kind, id]) => deviceInfo(kind, id));
  }

  get asMediaDevices(): MediaDevices {
    return this as unknown as MediaDevices;
  }

  /** The constraints of a kind, of the newest question. */
  newest(kind: Kind): MediaTrackConstraints {
    return Object(this.asked.at(-1)?.[kind]);
  }

  async enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return [...this.list];
  }

  async getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push(constraints);
    if (this.isSlow) await new Promise<void>((resolve) => Object.assign(this, { answer: resolve }));
    const kinds = (['audio', 'video'] as const).filter((kind) => constraints[kind]);
    return stream(kinds.map((kind) => this.#open(kind, Object(constraints[kind]))));
  }

  async getDisplayMedia(constraints: DisplayMediaStreamOptions): Promise<MediaStream> {
    this.asked.push(constraints);
    if (this.refusals.screen) throw new DOMException('no screen', this.refusals.screen);
    const track = new DeviceTrack('video', deviceInfo('videoinput', 'a window'));
    this.tracks.push(track);
    return stream([track]);
  }

  plugIn(kind: MediaDeviceKind, id: string): void {
    this.list = [...this.list, deviceInfo(kind, id)];
    this.dispatchEvent(new Event('devicechange'));
  }

  unplug(id: string): void {
    this.list = this.list.filter(({ deviceId }) => deviceId !== id);
    this.dispatchEvent(new Event('devicechange'));
    for (const track of this.tracks) if (track.getSettings().deviceId === id && !track.isStopped) track.end();
  }

  #open(kind: Kind, { deviceId }: MediaTrackConstraints): DeviceTrack {
    const refusal = this.refusals[kind];
    if (refusal) throw new DOMException(`no ${kind}`, refusal);
    const { exact, ideal } = Object(deviceId);
    const all = this.list.filter((device) => device.kind === `${kind}input`);
    const device = all.find(({ deviceId }) => deviceId === (exact ?? ideal)) ?? (exact ? undefined : all[0]);
    if (!device) throw new DOMException(`no ${kind}`, exact ? 'OverconstrainedError' : 'NotFoundError');
    const track = new DeviceTrack(kind, device);
    this.tracks.push(track);
    return track;
  }
}

function stream(tracks: readonly DeviceTrack[]): MediaStream {
  return new FakeMediaStream([...tracks]) as unknown as MediaStream;
}

function deviceInfo(kind: MediaDeviceKind, deviceId: string): MediaDeviceInfo {
  return { kind, deviceId, label: `the ${deviceId}`, groupId: '' } as MediaDeviceInfo;
}
