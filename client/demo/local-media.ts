import type { Source } from '../src/index.ts';

export type Kind = 'audio' | 'video';
/** What comes from a device of one's own. */
export type DeviceSource = Exclude<Source, 'screen'>;

export const BOTH: readonly DeviceSource[] = ['microphone', 'camera'];
export const KINDS: Record<DeviceSource, Kind> = { microphone: 'audio', camera: 'video' };

/** Width, height and frames a second asked of the camera. */
export interface VideoSize {
  width: number;
  height: number;
  frameRate: number;
}

/** One's own camera and microphone, as far as the browser gives them. */
export class LocalMedia {
  readonly stream: MediaStream;
  /** Why there is no microphone or no camera; undefined if there are both. */
  readonly problem: unknown;
  readonly #size: VideoSize;

  private constructor(size: VideoSize, stream: MediaStream, problem?: unknown) {
    this.#size = size;
    this.stream = stream;
    this.problem = problem;
  }

  /** Asks for both, and is content with either, or none. */
  static async open(size: VideoSize): Promise<LocalMedia> {
    const both = { audio: constraintsOf('microphone', size), video: constraintsOf('camera', size) };
    let problem: unknown;
    for (const constraints of [both, { audio: both.audio }, { video: both.video }]) {
      try {
        return new LocalMedia(size, await navigator.mediaDevices.getUserMedia(constraints), problem);
      } catch (error) {
        problem ??= error;
        // A refusal is an answer: asking again, for less, would be nagging.
        if (error instanceof DOMException && error.name === 'NotAllowedError') break;
      }
    }
    return new LocalMedia(size, new MediaStream(), problem);
  }

  has(source: DeviceSource): boolean {
    return this.track(source) !== undefined;
  }

  isOn(source: DeviceSource): boolean {
    return this.track(source)?.enabled ?? false;
  }

  /** Those that are to join muted. */
  get muted(): DeviceSource[] {
    return BOTH.filter((source) => this.has(source) && !this.isOn(source));
  }

  /** A muted track goes on as silence or black, so that coming back takes no negotiation. */
  toggle(source: DeviceSource): void {
    const track = this.track(source);
    if (track) track.enabled = !track.enabled;
  }

  track(source: DeviceSource): MediaStreamTrack | undefined {
    return this.stream.getTracks().find((track) => track.kind === KINDS[source]);
  }

  /** Gives up all but these. */
  keep(sources: readonly DeviceSource[]): void {
    for (const source of BOTH) if (!sources.includes(source)) this.#drop(this.track(source));
  }

  /** Takes another device, on or off as the one before; gives its track. */
  async change(source: DeviceSource, deviceId: string): Promise<MediaStreamTrack> {
    const constraints = { ...constraintsOf(source, this.#size), deviceId: { exact: deviceId } };
    const opened = await navigator.mediaDevices.getUserMedia({ [KINDS[source]]: constraints });
    const [track] = opened.getTracks();
    if (!track) throw new Error(`the ${source} gives nothing`);
    const before = this.track(source);
    track.enabled = before?.enabled ?? true;
    this.#drop(before);
    this.stream.addTrack(track);
    return track;
  }

  /** Opens the devices again that were stopped, or could not be had before. */
  async reopen(): Promise<void> {
    const { stream, problem } = await LocalMedia.open(this.#size);
    if (stream.getTracks().length === 0) throw problem;
    this.stop();
    for (const track of stream.getTracks()) this.stream.addTrack(track);
  }

  stop(): void {
    for (const track of this.stream.getTracks()) this.#drop(track);
  }

  #drop(track: MediaStreamTrack | undefined): void {
    if (!track) return;
    track.stop();
    this.stream.removeTrack(track);
  }
}

function constraintsOf(source: DeviceSource, { width, height, frameRate }: VideoSize): MediaTrackConstraints {
  if (source === 'microphone') return { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  return { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: frameRate } };
}
