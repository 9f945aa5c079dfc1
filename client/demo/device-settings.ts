import type { Room } from '../src/index.ts';
import { ActionButton } from './buttons.ts';
import { h } from './dom.ts';
import { BOTH, type DeviceSource, KINDS, type LocalMedia } from './local-media.ts';
import type { News } from './news.ts';

/** Which camera and microphone are used, and whether anything of them is sent at all. */
export class DeviceSettings {
  readonly element: HTMLElement;
  readonly #room: Room;
  readonly #media: LocalMedia;
  readonly #news: News;
  readonly #selects: Record<DeviceSource, HTMLSelectElement>;
  readonly #publish: ActionButton;

  constructor(room: Room, media: LocalMedia, news: News) {
    this.#room = room;
    this.#media = media;
    this.#news = news;
    this.#selects = { microphone: this.#select('microphone'), camera: this.#select('camera') };
    this.#publish = new ActionButton({
      testid: 'publish',
      style: 'quiet',
      label: () => (this.#isPublishing ? 'Stop publishing' : 'Publish'),
      press: () => news.attempt(() => this.#togglePublishing()),
    });
    this.element = h(
      'section',
      {},
      h('h3', {}, 'Devices'),
      h('label', {}, 'Microphone', this.#selects.microphone),
      h('label', {}, 'Camera', this.#selects.camera),
      this.#publish.element,
    );
    this.refresh();
  }

  draw(): void {
    this.#publish.draw();
  }

  /** Reads anew which devices there are. */
  async refresh(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices();
    for (const source of BOTH) {
      const current = this.#media.track(source)?.getSettings().deviceId;
      const ofKind = devices.filter(({ kind, deviceId }) => kind === `${KINDS[source]}input` && deviceId !== '');
      const options = ofKind.map(({ deviceId, label }, index) =>
        h('option', { value: deviceId, selected: deviceId === current }, label || `${source} ${index + 1}`),
      );
      this.#selects[source].replaceChildren(...options);
      this.#selects[source].disabled = options.length === 0;
    }
  }

  get #isPublishing(): boolean {
    return this.#room.localParticipant.publications.has('main');
  }

  #select(source: DeviceSource): HTMLSelectElement {
    const select = h('select', { 'data-testid': `device-${source}` });
    select.addEventListener('change', () => this.#news.attempt(() => this.#change(source, select.value)));
    return select;
  }

  async #change(source: DeviceSource, deviceId: string): Promise<void> {
    const track = await this.#media.change(source, deviceId);
    if (this.#isPublishing) await this.#room.localParticipant.replaceTrack(source, track);
  }

  async #togglePublishing(): Promise<void> {
    const { localParticipant: local } = this.#room;
    if (this.#isPublishing) {
      await local.unpublish('main');
      this.#media.stop();
      return;
    }
    await this.#media.reopen();
    await local.publish(this.#media.stream);
    await this.refresh();
  }
}
