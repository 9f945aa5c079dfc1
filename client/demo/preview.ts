import { RoundButton } from './buttons.ts';
import { h } from './dom.ts';
import { SOURCE_ICONS } from './icons.ts';
import { BOTH, type DeviceSource, type LocalMedia } from './local-media.ts';
import { notice } from './notice.ts';
import { own, Tile } from './tile.ts';
import { mediaFailure } from './words.ts';

/** One's own picture before the call, and what of it one wants to join with. */
export function preview(media: Promise<LocalMedia>, name: string): HTMLElement {
  const section = h('section', { class: 'preview', 'aria-label': 'Your picture', 'aria-busy': 'true' });
  section.append(h('p', { class: 'preview-wait' }, 'Asking for camera and microphone…'));
  media.then((opened) => {
    const tile = new Tile({ name, caption: name, isLocal: true });
    tile.attach(opened, own);
    const draw = () => tile.showVideo(opened.isOn('camera'));
    const buttons = BOTH.map((source) => joinButton(source, opened, draw).element);
    section.setAttribute('aria-busy', 'false');
    section.replaceChildren(h('ul', {}, tile.element), h('div', { class: 'preview-buttons' }, ...buttons));
    if (opened.problem !== undefined) section.append(notice(mediaFailure(opened.problem)));
    draw();
  });
  return section;
}

function joinButton(source: DeviceSource, media: LocalMedia, onChange: () => void): RoundButton {
  return new RoundButton({
    testid: source,
    look: () => {
      const isOn = media.isOn(source);
      const label = media.has(source) ? `Join with the ${source} ${isOn ? 'off' : 'on'}` : `No ${source}`;
      return {
        icon: SOURCE_ICONS[source][isOn ? 'on' : 'off'],
        label,
        isPressed: !isOn,
        isDisabled: !media.has(source),
      };
    },
    press: () => {
      media.toggle(source);
      onChange();
    },
  });
}
