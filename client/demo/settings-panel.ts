import type { Room } from '../src/index.ts';
import { DeviceSettings } from './device-settings.ts';
import { h } from './dom.ts';
import type { LocalMedia } from './local-media.ts';
import type { News } from './news.ts';
import { RoomSettings } from './room-settings.ts';
import type { Panel } from './side-panel.ts';

/** One's devices, and the room. */
export class SettingsPanel implements Panel {
  readonly name = 'settings';
  readonly title = 'Settings';
  readonly icon = 'settings';
  readonly element: HTMLElement;
  readonly #devices: DeviceSettings;
  readonly #room: RoomSettings;

  constructor(room: Room, media: LocalMedia, news: News) {
    this.#devices = new DeviceSettings(room, media, news);
    this.#room = new RoomSettings(room, news);
    this.element = h('div', { class: 'panel-body' }, this.#devices.element, this.#room.element);
  }

  draw(): void {
    this.#devices.draw();
    this.#room.draw();
  }

  opened(): void {
    this.#devices.refresh();
  }
}
