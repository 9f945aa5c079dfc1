import { paintPortrait, paintSlide } from './portrait.ts';

/** Few: what is photographed need not run smoothly, and nine people share two cores. */
const FRAME_RATE = 2;

const LABELS = { audioinput: 'Desk microphone', videoinput: 'Laptop camera', audiooutput: 'Headphones' };

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A track of pictures that `paint` paints, each told the seconds since the first. */
function painted({ width, height }: Size, paint: (on: CanvasRenderingContext2D, seconds: number) => void) {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const on = canvas.getContext('2d');
  const [track] = canvas.captureStream(0).getVideoTracks();
  if (!on || !(track instanceof CanvasCaptureMediaStreamTrack)) throw new Error('the canvas has no picture');
  const began = performance.now();
  const next = () => {
    if (track.readyState === 'ended') clearInterval(timer);
    paint(on, (performance.now() - began) / 1000);
    track.requestFrame();
  };
  const timer = setInterval(next, 1000 / FRAME_RATE);
  next();
  return track;
}

export function camera(name: string, size: Size = { width: 640, height: 360 }): MediaStreamTrack {
  const track = painted(size, (on, seconds) => paintPortrait(on, { name, ...size }, seconds));
  return named(track, 'videoinput');
}

export function screen(size: Size = { width: 1280, height: 720 }): MediaStreamTrack {
  return painted(size, (on) => paintSlide(on, size.width, size.height));
}

/** Silence, or a voice that everybody hears. */
export function microphone(isSpeaking: boolean): MediaStreamTrack {
  const context = new AudioContext();
  const gain = new GainNode(context, { gain: isSpeaking ? 0.5 : 0 });
  const voice = new OscillatorNode(context, { frequency: 300 });
  const destination = new MediaStreamAudioDestinationNode(context);
  voice.connect(gain).connect(destination);
  voice.start();
  const [track] = destination.stream.getAudioTracks();
  if (!track) throw new Error('the voice has no sound');
  return named(track, 'audioinput');
}

/** As that of the device of the list below. */
function named<Track extends MediaStreamTrack>(track: Track, kind: keyof typeof LABELS): Track {
  const settings = { ...track.getSettings(), deviceId: kind };
  return Object.defineProperties(track, { label: { value: LABELS[kind] }, getSettings: { value: () => settings } });
}

export function deviceList(): MediaDeviceInfo[] {
  return Object.entries(LABELS).map(([kind, label]) => ({
    kind: kind as MediaDeviceKind,
    label,
    deviceId: kind,
    groupId: 'desk',
    toJSON: () => label,
  }));
}
