import type { Room } from '../src/index.ts';
import { type Look, RoundButton } from './buttons.ts';
import { handOf, LOWERED, RAISED } from './hand.ts';
import { SOURCE_ICONS } from './icons.ts';
import type { DeviceSource } from './local-media.ts';
import type { News } from './news.ts';
import type { ScreenShare } from './screen-share.ts';

/** What one does oneself: speak, be seen, show a screen, raise a hand. */
export class Controls {
  readonly elements: readonly HTMLElement[];
  readonly #buttons: readonly RoundButton[];

  constructor(room: Room, screen: ScreenShare, news: News) {
    this.#buttons = [
      sourceButton('microphone', room, news),
      sourceButton('camera', room, news),
      screenButton(screen, news),
      handButton(room, news),
    ];
    this.elements = this.#buttons.map(({ element }) => element);
  }

  draw(): void {
    for (const button of this.#buttons) button.draw();
  }
}

function sourceButton(source: DeviceSource, { localParticipant: local }: Room, news: News): RoundButton {
  const toggle = () => (local.isMuted(source) ? local.unmute(source) : local.mute(source));
  const look = (): Look => {
    const { on, off } = SOURCE_ICONS[source];
    if (local.isBlocked(source)) {
      return { icon: off, label: `Your ${source} is muted by a moderator`, isPressed: true, isDisabled: true };
    }
    if (!local.publications.get('main')?.sources.includes(source)) {
      return { icon: off, label: `No ${source}`, isPressed: true, isDisabled: true };
    }
    const isMuted = local.isMuted(source);
    return { icon: isMuted ? off : on, label: `Turn ${source} ${isMuted ? 'on' : 'off'}`, isPressed: isMuted };
  };
  return new RoundButton({ testid: source, look, press: () => news.attempt(toggle) });
}

function screenButton(screen: ScreenShare, news: News): RoundButton {
  return new RoundButton({
    testid: 'share-screen',
    style: 'switch-on',
    look: () => ({
      icon: 'screen',
      label: screen.isOn ? 'Stop sharing your screen' : 'Share your screen',
      isPressed: screen.isOn,
      isDisabled: !screen.isPossible,
    }),
    press: () => news.attempt(() => (screen.isOn ? screen.stop() : screen.start())),
  });
}

function handButton({ localParticipant: local }: Room, news: News): RoundButton {
  return new RoundButton({
    testid: 'hand',
    style: 'switch-on',
    look: () => ({
      icon: 'hand',
      label: handOf(local) ? 'Lower your hand' : 'Raise your hand',
      isPressed: handOf(local),
    }),
    press: () => news.attempt(() => local.setMetadata(handOf(local) ? LOWERED : RAISED)),
  });
}
