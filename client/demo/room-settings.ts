import type { Room, RoomChanges } from '../src/index.ts';
import { h } from './dom.ts';
import type { News } from './news.ts';
import { mayModerate, reasonOf } from './person.ts';

/** The room's title stands in its metadata. */
const TITLE = 'title';

export function titleOf({ id, metadata }: Room): string {
  return metadata[TITLE] ?? id;
}

/** How the room is run: for everyone to read, and for moderators to change. */
export class RoomSettings {
  readonly element: HTMLElement;
  readonly #room: Room;
  readonly #news: News;
  readonly #facts = h('p', { class: 'lead', 'data-testid': 'room-facts' });
  readonly #title = h('input', {
    maxlength: '80',
    placeholder: 'Title',
    'aria-label': 'Title of the room',
    'data-testid': 'title',
  });
  readonly #locked = h('input', { type: 'checkbox', 'data-testid': 'lock' });
  readonly #waitingRoom = h('input', { type: 'checkbox', 'data-testid': 'waiting-room' });
  readonly #forModerators: HTMLElement;

  constructor(room: Room, news: News) {
    this.#room = room;
    this.#news = news;
    this.#locked.addEventListener('change', () => this.#change({ locked: this.#locked.checked }));
    this.#waitingRoom.addEventListener('change', () => this.#change({ waitingRoom: this.#waitingRoom.checked }));
    this.#forModerators = h(
      'div',
      { class: 'stack' },
      this.#titleForm(),
      h('label', { class: 'switch' }, this.#locked, 'Locked: nobody else gets in'),
      h('label', { class: 'switch' }, this.#waitingRoom, 'Others wait to be let in'),
      this.#ending(),
    );
    this.element = h('section', {}, h('h3', {}, 'Room'), this.#facts, this.#forModerators);
  }

  draw(): void {
    const { options } = this.#room;
    this.#facts.textContent = factsOf(this.#room);
    this.#forModerators.hidden = !mayModerate(this.#room);
    this.#locked.checked = options.locked;
    this.#waitingRoom.checked = options.waitingRoom;
    if (document.activeElement !== this.#title) this.#title.value = this.#room.metadata[TITLE] ?? '';
  }

  /** A switch that could not be turned turns back. */
  async #change(changes: RoomChanges): Promise<void> {
    await this.#news.attempt(() => this.#room.moderation.change(changes));
    this.draw();
  }

  #titleForm(): HTMLElement {
    const submit = (event: Event) => {
      event.preventDefault();
      this.#change({ metadata: { [TITLE]: this.#title.value.trim() || null } });
    };
    const save = h('button', { class: 'quiet small', 'data-testid': 'save-title' }, 'Save');
    return h('form', { class: 'line', onsubmit: submit }, this.#title, save);
  }

  /** Behind a disclosure, so that one slip does not end everybody's call. */
  #ending(): HTMLElement {
    const reason = h('input', {
      maxlength: '256',
      placeholder: 'Reason, if you like',
      'aria-label': 'Why the room ends',
    });
    const submit = (event: Event) => {
      event.preventDefault();
      this.#news.attempt(() => this.#room.moderation.end(reasonOf(reason)));
    };
    const end = h('button', { class: 'danger small', 'data-testid': 'end' }, 'End now');
    const form = h('form', { class: 'line', onsubmit: submit }, reason, end);
    return h('details', {}, h('summary', { 'data-testid': 'end-for-everyone' }, 'End the call for everyone'), form);
  }
}

function factsOf({ options }: Room): string {
  const { capacity, codec, lastN, maxBitrate, publishers, history, locked, waitingRoom } = options;
  const facts = [
    `Up to ${capacity} participants`,
    `${codec}, ${maxBitrate} kbit/s at most`,
    `${lastN} pictures received`,
    publishers === 'moderators' && 'only moderators publish',
    history > 0 && `${history} messages kept`,
    locked && 'locked',
    waitingRoom && 'with a waiting room',
  ];
  return `${facts.filter((fact) => fact !== false).join(' · ')}.`;
}
