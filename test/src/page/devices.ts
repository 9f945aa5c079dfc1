/** Pictures per second of a fake camera or screen. */
const FRAME_RATE = 15;

/** Fake devices of one participant: pictures that move, and a voice that is heard when it is told to speak. */
export class Devices {
  #voice: { context: AudioContext; gain: GainNode } | undefined;

  stream(kinds: readonly ('audio' | 'video')[], label = 'camera'): MediaStream {
    return new MediaStream(kinds.map((kind) => (kind === 'video' ? this.picture(label) : this.#microphone())));
  }

  /** A video track with `label` written on it. */
  picture(label: string): MediaStreamTrack {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
    const paint = canvas.getContext('2d');
    let frame = 0;
    // Not requestAnimationFrame: that rests while the page is not shown.
    setInterval(() => {
      if (!paint) return;
      frame += 1;
      paint.fillStyle = `hsl(${(frame * 7) % 360} 60% 40%)`;
      paint.fillRect(0, 0, canvas.width, canvas.height);
      paint.fillStyle = 'white';
      paint.font = '32px sans-serif';
      paint.fillText(`${label} ${frame}`, 20, 100);
    }, 1000 / FRAME_RATE);
    const [track] = canvas.captureStream(FRAME_RATE).getVideoTracks();
    if (!track) throw new Error('the canvas has no picture');
    return track;
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
