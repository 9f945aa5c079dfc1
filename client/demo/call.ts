import type { CloseReason, Participant, Room } from '../src/index.ts';
import { h, show } from './dom.ts';
import { tileSize } from './grid-layout.ts';
import { type Icon, icon } from './icons.ts';
import type { LocalMedia } from './local-media.ts';
import { mediaButtons } from './media-buttons.ts';
import { Tile } from './tile.ts';

const GAP = 12;

/** The call itself: resolves with the reason when it is over. */
export function call(room: Room, media: LocalMedia, link: string): Promise<CloseReason> {
  return new Promise((resolve) => {
    const page = new CallPage(room, media, link);
    room.on('closed', (reason) => {
      page.close();
      resolve(reason);
    });
  });
}

class CallPage {
  readonly #room: Room;
  readonly #media: LocalMedia;
  readonly #local: Tile;
  readonly #tiles = new Map<string, Tile>();
  readonly #grid = h('ul', { class: 'grid', 'data-testid': 'grid', 'aria-label': 'Participants' });
  readonly #count = h('span', { 'data-testid': 'count' });
  readonly #banner = h('p', { class: 'banner', role: 'status', 'data-testid': 'banner', hidden: true });
  readonly #sound = h('button', { type: 'button', class: 'primary sound', hidden: true }, 'Turn on sound');
  readonly #news = h('p', { class: 'visually-hidden', role: 'status' });
  readonly #alone: HTMLElement;
  readonly #resized = new ResizeObserver(() => this.#arrange());
  readonly #controller = new AbortController();

  constructor(room: Room, media: LocalMedia, link: string) {
    this.#room = room;
    this.#media = media;
    this.#local = new Tile({ name: room.localParticipant.name, stream: media.stream, isLocal: true });
    this.#alone = h(
      'li',
      { class: 'alone', 'data-testid': 'alone' },
      h('strong', {}, 'You’re the first one here'),
      h('span', {}, 'Send the link to those you want to talk to.'),
      copyButton(link, 'primary'),
    );
    this.#sound.addEventListener('click', () => this.#playAll());
    this.#grid.append(this.#local.element);
    show(this.#page(link), room.id);
    this.#listen();
    for (const participant of room.participants.values()) this.#add(participant);
    this.#drawLocal();
    this.#resized.observe(this.#grid);
    this.#arrange();
  }

  close(): void {
    this.#controller.abort();
    this.#resized.disconnect();
    for (const tile of [this.#local, ...this.#tiles.values()]) tile.remove();
  }

  #page(link: string): HTMLElement {
    const leave = h(
      'button',
      {
        type: 'button',
        class: 'round leave',
        'data-testid': 'leave',
        'aria-label': 'Leave the call',
        title: 'Leave the call',
      },
      icon('leave'),
    );
    leave.addEventListener('click', () => this.#room.leave());
    return h(
      'main',
      { class: 'call', 'data-testid': 'call' },
      h(
        'header',
        { class: 'call-header' },
        h('h1', {}, this.#room.id),
        h('span', { class: 'count' }, icon('people'), this.#count, hidden('participants')),
        copyButton(link, 'quiet'),
      ),
      this.#news,
      this.#banner,
      this.#grid,
      h(
        'footer',
        { class: 'controls', role: 'toolbar', 'aria-label': 'Call' },
        ...mediaButtons(this.#media, () => this.#drawLocal()),
        this.#sound,
        leave,
      ),
    );
  }

  #listen(): void {
    const room = this.#room;
    const { signal } = this.#controller;
    room.on('participantJoined', (participant) => {
      this.#add(participant);
      this.#news.textContent = `${participant.name} joined`;
    });
    room.on('participantUpdated', (participant) => this.#draw(participant));
    room.on('trackAdded', (_, participant) => this.#draw(participant));
    room.on('trackRemoved', (_, participant) => this.#draw(participant));
    room.on('participantLeft', ({ id, name }) => {
      this.#remove(id);
      this.#news.textContent = `${name} left`;
    });
    room.on('stateChanged', (state) => this.#showBanner(state === 'disconnected'));
    addEventListener('offline', () => this.#showBanner(true), { signal });
    addEventListener('online', () => this.#showBanner(false), { signal });
  }

  #add(participant: Participant): void {
    const tile = new Tile(participant);
    this.#tiles.set(participant.id, tile);
    this.#grid.append(tile.element);
    this.#draw(participant);
    this.#arrange();
  }

  #remove(id: string): void {
    this.#tiles.get(id)?.remove();
    this.#tiles.delete(id);
    this.#arrange();
  }

  #draw({ id, status, media, tracks }: Participant): void {
    const tile = this.#tiles.get(id);
    if (!tile) return;
    tile.showVideo(tracks.some(({ kind }) => kind === 'video'));
    tile.showBadge(wordFor(status, media, tracks.length > 0));
    if (tracks.length > 0) this.#play(tile);
  }

  #drawLocal(): void {
    this.#local.showVideo(this.#media.isOn('video'));
    this.#local.showMuted(!this.#media.isOn('audio'));
  }

  async #play(tile: Tile): Promise<void> {
    try {
      await tile.play();
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.#sound.hidden = false;
    }
  }

  #playAll(): void {
    this.#sound.hidden = true;
    for (const tile of this.#tiles.values()) this.#play(tile);
  }

  #showBanner(isShown: boolean): void {
    this.#banner.hidden = !isShown;
    this.#banner.textContent = isShown ? 'The connection is lost.' : '';
  }

  #arrange(): void {
    const people = this.#tiles.size + 1;
    this.#count.textContent = String(people);
    if (people === 1) this.#grid.append(this.#alone);
    else this.#alone.remove();
    const { clientWidth, clientHeight } = this.#grid;
    const { width, height } = tileSize(this.#grid.children.length, clientWidth, clientHeight, GAP);
    this.#grid.style.setProperty('--tile-width', `${width}px`);
    this.#grid.style.setProperty('--tile-height', `${height}px`);
  }
}

/** Words for those who cannot see the picture beside them. */
function hidden(text: string): HTMLElement {
  return h('span', { class: 'visually-hidden' }, text);
}

function wordFor(status: Participant['status'], media: Participant['media'], hasTracks: boolean): string | undefined {
  if (status === 'disconnected') return 'Reconnecting…';
  if (media === 'failed') return 'No picture or sound';
  return media !== 'none' && !hasTracks ? 'Connecting…' : undefined;
}

function copyButton(link: string, style: string): HTMLElement {
  const button = h('button', { type: 'button', class: `${style} copy`, 'data-testid': 'copy-link' });
  const draw = (picture: Icon, label: string) => {
    button.replaceChildren(icon(picture), h('span', {}, label));
    button.setAttribute('aria-label', label);
  };
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(link);
      draw('check', 'Copied');
    } catch {
      // No clipboard without permission: the link can still be copied by hand.
      prompt('Copy this link', link);
    }
  });
  button.addEventListener('blur', () => draw('link', 'Copy link'));
  draw('link', 'Copy link');
  return button;
}
