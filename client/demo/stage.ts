import type { LocalParticipant, RemoteParticipant, Room } from '../src/index.ts';
import { copyButton } from './buttons.ts';
import { h } from './dom.ts';
import { tileSize } from './grid-layout.ts';
import { Keyed } from './keyed.ts';
import { LocalScreenTile, LocalTile, type Receiving, RemoteScreenTile, RemoteTile } from './participant-tile.ts';

const GAP = 12;

/** Everybody's pictures; shared screens large, with the people beside them. */
export class Stage {
  readonly element: HTMLElement;
  readonly #room: Room;
  readonly #grid = h('ul', { class: 'grid', 'data-testid': 'grid', 'aria-label': 'Participants' });
  readonly #screens = h('ul', { class: 'screens', 'aria-label': 'Shared screens' });
  readonly #alone: HTMLElement;
  readonly #sound = h('button', { type: 'button', class: 'primary sound', hidden: true }, 'Turn on sound');
  readonly #local: Keyed<LocalParticipant, LocalTile>;
  readonly #remote: Keyed<RemoteParticipant, RemoteTile>;
  readonly #localScreen: Keyed<LocalParticipant, LocalScreenTile>;
  readonly #remoteScreens: Keyed<RemoteParticipant, RemoteScreenTile>;
  readonly #resized = new ResizeObserver(() => this.#arrange());

  constructor(receiving: Receiving, link: string) {
    this.#room = receiving.room;
    this.#local = new Keyed(this.#grid, (local) => new LocalTile(local));
    this.#remote = new Keyed(this.#grid, (remote) => new RemoteTile(receiving, remote));
    this.#localScreen = new Keyed(this.#screens, (local) => new LocalScreenTile(local));
    this.#remoteScreens = new Keyed(this.#screens, (remote) => new RemoteScreenTile(receiving, remote));
    this.#alone = h(
      'li',
      { class: 'alone', 'data-testid': 'alone' },
      h('strong', {}, 'You’re the first one here'),
      h('span', {}, 'Send the link to those you want to talk to.'),
      copyButton(link, 'primary'),
    );
    this.element = h('section', { class: 'stage', 'aria-label': 'Call' }, this.#screens, this.#grid, this.#sound);
    this.#sound.addEventListener('click', () => {
      this.#sound.hidden = true;
      this.#play();
    });
    this.#resized.observe(this.#grid);
  }

  draw(): void {
    const { localParticipant: local, participants } = this.#room;
    const own = new Map([[local.id, local]]);
    this.#local.draw(own);
    this.#remote.draw(participants);
    this.#localScreen.draw(sharing(own));
    this.#remoteScreens.draw(sharing(participants));
    if (participants.size === 0) this.#grid.append(this.#alone);
    else this.#alone.remove();
    const hasScreens = this.#screens.childElementCount > 0;
    this.#screens.hidden = !hasScreens;
    this.element.classList.toggle('has-screens', hasScreens);
    this.#arrange();
    this.#play();
  }

  /** Lets something fly over a participant's picture. */
  react(participant: string, emoji: string): void {
    const tile = this.#local.get(participant) ?? this.#remote.get(participant);
    tile?.react(emoji);
  }

  close(): void {
    this.#resized.disconnect();
    for (const views of [this.#local, this.#remote, this.#localScreen, this.#remoteScreens]) views.close();
  }

  /** Starts what does not play yet; asks for the gesture without which some browsers give no sound. */
  async #play(): Promise<void> {
    const silent = [...this.element.querySelectorAll('video')].filter((video) => video.paused && video.srcObject);
    const outcomes = await Promise.allSettled(silent.map((video) => video.play()));
    const isRefused = (outcome: PromiseSettledResult<void>) =>
      outcome.status === 'rejected' &&
      outcome.reason instanceof DOMException &&
      outcome.reason.name === 'NotAllowedError';
    if (outcomes.some(isRefused)) this.#sound.hidden = false;
  }

  /** Without screens the tiles fill the stage; beside them the style sheet has the say. */
  #arrange(): void {
    const { clientWidth, clientHeight, childElementCount } = this.#grid;
    const { width, height } = tileSize(childElementCount, clientWidth, clientHeight, GAP);
    this.#grid.style.setProperty('--tile-width', `${width}px`);
    this.#grid.style.setProperty('--tile-height', `${height}px`);
  }
}

function sharing<Sharer extends LocalParticipant | RemoteParticipant>(all: ReadonlyMap<string, Sharer>) {
  return new Map([...all].filter(([, { publications }]) => publications.has('screen')));
}
