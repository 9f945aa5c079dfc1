import { h } from './dom.ts';
import { icon } from './icons.ts';
import type { Kind, LocalMedia } from './local-media.ts';

const LOOKS = {
  audio: { name: 'microphone', on: 'microphone', off: 'microphoneOff' },
  video: { name: 'camera', on: 'camera', off: 'cameraOff' },
} as const;

/** The microphone's and the camera's button. `onChange` is called after each turn. */
export function mediaButtons(media: LocalMedia, onChange: () => void): HTMLButtonElement[] {
  return [mediaButton('audio', media, onChange), mediaButton('video', media, onChange)];
}

function mediaButton(kind: Kind, media: LocalMedia, onChange: () => void): HTMLButtonElement {
  const { name, on, off } = LOOKS[kind];
  const button = h('button', { type: 'button', class: 'round', 'data-testid': name });
  const draw = () => {
    const isOn = media.isOn(kind);
    const label = media.has(kind) ? `Turn ${name} ${isOn ? 'off' : 'on'}` : `No ${name}`;
    button.replaceChildren(icon(isOn ? on : off));
    button.disabled = !media.has(kind);
    button.setAttribute('aria-pressed', String(!isOn));
    button.setAttribute('aria-label', label);
    button.title = label;
  };
  button.addEventListener('click', () => {
    media.toggle(kind);
    draw();
    onChange();
  });
  draw();
  return button;
}
