/* Media of environments that have none, as far as applications and the SDK touch them. */

export class FakeMediaStreamTrack extends EventTarget {
  readonly id = crypto.randomUUID();
  readonly kind: string;
  readonly label: string;
  readonly muted = false;
  enabled = true;
  contentHint = '';
  readyState: MediaStreamTrackState = 'live';

  constructor(kind: string, label = '') {
    super();
    this.kind = kind;
    this.label = label;
  }

  stop(): void {
    this.readyState = 'ended';
  }

  getSettings(): MediaTrackSettings {
    return this.kind === 'video' ? { width: 640, height: 360, frameRate: 30 } : {};
  }

  getConstraints(): MediaTrackConstraints {
    return {};
  }

  getCapabilities(): MediaTrackCapabilities {
    return {};
  }

  async applyConstraints(): Promise<void> {}

  clone(): FakeMediaStreamTrack {
    return new FakeMediaStreamTrack(this.kind, this.label);
  }
}

export class FakeMediaStream extends EventTarget {
  readonly id = crypto.randomUUID();
  readonly #tracks: Set<MediaStreamTrack>;

  constructor(from: FakeMediaStream | readonly MediaStreamTrack[] = []) {
    super();
    this.#tracks = new Set(from instanceof FakeMediaStream ? from.getTracks() : from);
  }

  get active(): boolean {
    return this.getTracks().some(({ readyState }) => readyState === 'live');
  }

  getTracks(): MediaStreamTrack[] {
    return [...this.#tracks];
  }

  getAudioTracks(): MediaStreamTrack[] {
    return this.getTracks().filter(({ kind }) => kind === 'audio');
  }

  getVideoTracks(): MediaStreamTrack[] {
    return this.getTracks().filter(({ kind }) => kind === 'video');
  }

  getTrackById(id: string): MediaStreamTrack | null {
    return this.getTracks().find((track) => track.id === id) ?? null;
  }

  addTrack(track: MediaStreamTrack): void {
    this.#tracks.add(track);
  }

  removeTrack(track: MediaStreamTrack): void {
    this.#tracks.delete(track);
  }

  clone(): FakeMediaStream {
    return new FakeMediaStream(this.getTracks().map((track) => track.clone()));
  }
}
