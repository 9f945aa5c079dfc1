/** Milliseconds between two measurements: as often as a meter can be seen to move. */
const PAUSE = 80;
/** Decibels below full scale that are silence; speech at arm's length is some 30 above. */
const SILENCE = -60;

/** How loud a track is, while somebody wants to know. */
export class LevelMeter {
  readonly #onLevel: (level: number) => boolean;
  #track: MediaStreamTrack | undefined;
  #context: AudioContext | undefined;
  #source: MediaStreamAudioSourceNode | undefined;
  #analyser: AnalyserNode | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #level = 0;

  /** @param onLevel hears of each measurement, and says whether anybody wanted to know. */
  constructor(onLevel: (level: number) => boolean) {
    this.#onLevel = onLevel;
  }

  get level(): number {
    return this.#level;
  }

  /** Measures another track from now on, or none. */
  measure(track: MediaStreamTrack | undefined): void {
    this.#track = track;
    if (this.#timer !== undefined) this.#connect();
  }

  /** Measures until nobody wants to know any more. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#tick(), PAUSE);
    this.#connect();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#source?.disconnect();
    void this.#context?.close();
    this.#source = this.#analyser = this.#context = undefined;
    this.#level = 0;
  }

  #connect(): void {
    this.#source?.disconnect();
    this.#source = undefined;
    if (!this.#track) return;
    this.#context ??= new AudioContext();
    this.#analyser ??= this.#context.createAnalyser();
    this.#source = this.#context.createMediaStreamSource(new MediaStream([this.#track]));
    this.#source.connect(this.#analyser);
  }

  #tick(): void {
    // A context that is made before the first click or key waits to be told that there has been one.
    if (this.#context?.state === 'suspended' && navigator.userActivation.hasBeenActive) void this.#context.resume();
    this.#level = this.#source && this.#analyser ? loudness(this.#analyser) : 0;
    if (!this.#onLevel(this.#level)) this.stop();
  }
}

/** From 0, silence, to 1, as loud as it can be; as loud as it sounds, which is the logarithm of what swings. */
function loudness(analyser: AnalyserNode): number {
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const decibels = 10 * Math.log10(power);
  return Math.min(Math.max(1 - decibels / SILENCE, 0), 1);
}
