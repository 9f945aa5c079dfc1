/** A track: of a device, or of what is received over the peer connection that offered under `fragment`. */
export class SimulatedTrack extends EventTarget {
  readonly kind: 'audio' | 'video';
  readonly fragment: string | undefined;
  enabled = true;
  readyState: MediaStreamTrackState = 'live';

  constructor(kind: 'audio' | 'video', fragment?: string) {
    super();
    this.kind = kind;
    this.fragment = fragment;
  }

  stop(): void {
    this.readyState = 'ended';
  }
}

export class SimulatedStream {
  #tracks: SimulatedTrack[];

  constructor(tracks: readonly SimulatedTrack[] = []) {
    this.#tracks = [...tracks];
  }

  getTracks(): SimulatedTrack[] {
    return [...this.#tracks];
  }

  getAudioTracks(): SimulatedTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'audio');
  }

  getVideoTracks(): SimulatedTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'video');
  }

  addTrack(track: SimulatedTrack): void {
    this.#tracks.push(track);
  }

  removeTrack(track: SimulatedTrack): void {
    this.#tracks = this.#tracks.filter((each) => each !== track);
  }
}

/** A camera and a microphone. */
export function cameraAndMicrophone(): MediaStream {
  return new SimulatedStream([new SimulatedTrack('audio'), new SimulatedTrack('video')]) as unknown as MediaStream;
}

export function aScreen(): MediaStream {
  return new SimulatedStream([new SimulatedTrack('video')]) as unknown as MediaStream;
}

const CODECS: Readonly<Record<string, readonly { readonly mimeType: string }[]>> = {
  audio: [{ mimeType: 'audio/opus' }],
  video: [{ mimeType: 'video/VP8' }, { mimeType: 'video/rtx' }],
};

/** What a browser has on its global object, and the SDK uses. */
export const BROWSER_GLOBALS = {
  MediaStream: SimulatedStream,
  RTCRtpReceiver: { getCapabilities: (kind: string) => ({ codecs: CODECS[kind] ?? [] }) },
};
