import type { Participant, Room } from '../src/index.ts';
import type { Ending } from './after-call.ts';
import { Banner } from './banner.ts';
import { copyButton, RoundButton } from './buttons.ts';
import { ChatPanel } from './chat-panel.ts';
import { Controls } from './controls.ts';
import { h, show } from './dom.ts';
import { icon } from './icons.ts';
import type { LocalMedia } from './local-media.ts';
import { News } from './news.ts';
import { Pauses } from './pauses.ts';
import { PeoplePanel } from './people-panel.ts';
import { Reactions } from './reactions.ts';
import { onRoomChange } from './room-changes.ts';
import { titleOf } from './room-settings.ts';
import { ScreenShare } from './screen-share.ts';
import { SettingsPanel } from './settings-panel.ts';
import { SidePanel } from './side-panel.ts';
import { Stage } from './stage.ts';
import { StatsPanel } from './stats-panel.ts';
import { tell } from './tell.ts';

/** The call itself: resolves with how it ended. */
export function call(room: Room, media: LocalMedia, link: string): Promise<Ending> {
  return new Promise((resolve) => {
    const page = new CallPage(room, media, link);
    room.on('closed', (reason, description) => {
      page.close();
      resolve({ reason, description });
    });
  });
}

class CallPage {
  readonly #room: Room;
  readonly #news = new News();
  readonly #screen: ScreenShare;
  readonly #stage: Stage;
  readonly #controls: Controls;
  readonly #panels: SidePanel;
  readonly #title = h('h1', { 'data-testid': 'room-title' });
  readonly #count = h('span', { 'data-testid': 'count' });
  readonly #lock = h('span', { class: 'count', role: 'img', 'aria-label': 'locked', title: 'Locked' }, icon('lock'));
  readonly #banner: Banner;

  constructor(room: Room, media: LocalMedia, link: string) {
    const news = this.#news;
    const pauses = new Pauses();
    const draw = () => this.#draw();
    const chat = new ChatPanel(room, news, draw);
    const write = (participant: Participant) => {
      this.#panels.open(chat.name);
      chat.address(participant);
    };
    this.#room = room;
    this.#banner = new Banner(room);
    this.#screen = new ScreenShare(room.localParticipant);
    this.#stage = new Stage({ room, pauses }, link);
    this.#controls = new Controls(room, this.#screen, news);
    this.#panels = new SidePanel([
      chat,
      new PeoplePanel({ room, news, pauses, write, draw }),
      new SettingsPanel(room, media, news),
      new StatsPanel(room),
    ]);
    show(this.#page(link), titleOf(room));
    onRoomChange(room, draw);
    tell(room, news);
    draw();
  }

  close(): void {
    this.#banner.close();
    this.#panels.close();
    this.#screen.release();
    this.#stage.close();
    this.#news.close();
  }

  #draw(): void {
    const { participants, options } = this.#room;
    this.#title.textContent = titleOf(this.#room);
    this.#count.textContent = String(participants.size + 1);
    this.#lock.hidden = !options.locked;
    this.#banner.draw();
    this.#stage.draw();
    this.#controls.draw();
    this.#panels.draw();
  }

  #page(link: string): HTMLElement {
    const leave = new RoundButton({
      testid: 'leave',
      style: 'leave',
      look: () => ({ icon: 'leave', label: 'Leave the call' }),
      press: () => this.#room.leave(),
    });
    const reactions = new Reactions(this.#room, this.#news, (participant, emoji) =>
      this.#stage.react(participant, emoji),
    );
    const count = h('span', { class: 'count' }, icon('people'), this.#count, hidden('participants'));
    return h(
      'main',
      { class: 'call', 'data-testid': 'call' },
      h('header', { class: 'call-header' }, this.#title, this.#lock, count, copyButton(link, 'quiet')),
      h(
        'div',
        { class: 'call-body' },
        h('div', { class: 'stage-area' }, this.#stage.element, this.#banner.element, this.#news.element),
        this.#panels.element,
      ),
      h(
        'footer',
        { class: 'controls' },
        group('Your media', ...this.#controls.elements, reactions.element, leave.element),
        group('Panels', ...this.#panels.buttons),
      ),
    );
  }
}

function group(label: string, ...buttons: HTMLElement[]): HTMLElement {
  return h('div', { class: 'button-group', role: 'group', 'aria-label': label }, ...buttons);
}

/** Words for those who cannot see the picture beside them. */
function hidden(text: string): HTMLElement {
  return h('span', { class: 'visually-hidden' }, text);
}
