import { NUMBERS, paintNumber } from './numbered-picture.ts';

/** Pictures per second of a fake camera or screen. */
const FRAME_RATE = 15;

/** Fake devices of one participant: pictures that move, and a voice that is heard when it is told to speak. */
export class Devices {
  #voice: { context: AudioContext; gain: GainNode } | undefined;
  #isResting = false;
  #painted = 0;

  stream(kinds: readonly ('audio' | 'video')[], label = 'camera'): MediaStream {
    return new MediaStream(kinds.map((kind) => (kind === 'video' ? this.picture(label) : this.#microphone())));
  }

  /** A video track with `label` written on it, each picture of which has its number in it. */
  picture(label: string): MediaStreamTrack {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
    const paint = canvas.getContext('2d');
    const [track] = canvas.captureStream(0).getVideoTracks();
    if (!paint || !(track instanceof CanvasCaptureMediaStreamTrack)) throw new Error('the canvas has no picture');
    // Not requestAnimationFrame: that rests while the page is not shown.
    setInterval(() => {
      if (this.#isResting) return;
      this.#painted += 1;
      const number = this.#painted % NUMBERS;
      paint.fillStyle = `hsl(${(number * 7) % 360} 60% 40%)`;
      paint.fillRect(0, 0, canvas.width, canvas.height);
      paintNumber(paint, number);
      paint.fillStyle = 'white';
      paint.font = '32px sans-serif';
      paint.fillText(`${label} ${number}`, 20, 100);
      track.requestFrame();
    }, 1000 / FRAME_RATE);
    return track;
  }

  /** Pictures so far, of all that it shows. */
  get painted(): number {
    return this.#painted;
  }

  /** No pictures until told otherwise: what has been sent can then be counted, for nothing more is on its way. */
  rest(isResting: boolean): void {
    this.#isResting = isResting;
  }

  speak(aloud: boolean): void {
    if (this.#voice) this.#voice.gain.gain.value = aloud ? 0.5 : 0;
  }

  #microphone(): MediaStreamTrack {
    const context = new AudioContext();
    const gain = new GainNode(context, { gain: 0 });
    const voice = new OscillatorNode(context, { frequency: 300 });
    const microphone = new MediaStreamAudioDestinationNode(context);
    voice.connect(gain).connect(microphone);
    voice.start();
    this.#voice = { context, gain };
    const [track] = microphone.stream.getAudioTracks();
    if (!track) throw new Error('the voice has no sound');
    return track;
  }
}
