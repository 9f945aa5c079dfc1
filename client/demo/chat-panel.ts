import type { ChatMessage, DataMessage, Participant, Room } from '../src/index.ts';
import { h } from './dom.ts';
import type { News } from './news.ts';
import type { Panel } from './side-panel.ts';

const EVERYONE = '';
/** The topic under which the history keeps chat. */
const CHAT = 'chat';
/** Who writes without being in the room. */
const SERVICE = 'The service';

/** What is written: to everyone, or to one. */
export class ChatPanel implements Panel {
  readonly name = 'chat';
  readonly title = 'Chat';
  readonly icon = 'chat';
  readonly element: HTMLElement;
  readonly #room: Room;
  readonly #news: News;
  readonly #log = h('ol', { class: 'messages', role: 'log', 'aria-label': 'Messages', 'data-testid': 'messages' });
  readonly #to = h('select', { 'aria-label': 'To', 'data-testid': 'chat-to' });
  readonly #text = h('input', {
    autocomplete: 'off',
    maxlength: '2000',
    placeholder: 'Write something',
    'aria-label': 'Message',
    'data-testid': 'chat-text',
  });
  readonly #shown = new Set<string>();
  readonly #changed: () => void;
  #unread = 0;
  #isOpen = false;

  /** `changed` is called when something is new. */
  constructor(room: Room, news: News, changed: () => void) {
    this.#room = room;
    this.#news = news;
    this.#changed = changed;
    const send = h('button', { class: 'primary small', 'data-testid': 'chat-send' }, 'Send');
    const submit = (event: Event) => {
      event.preventDefault();
      this.#send();
    };
    const to = h('label', { class: 'line' }, 'To', this.#to);
    const form = h('form', { class: 'chat-form', onsubmit: submit }, to, h('div', { class: 'line' }, this.#text, send));
    this.element = h('div', { class: 'panel-body chat' }, this.#log, form);
    room.on('chatMessage', (message) => this.#receive(message));
    this.#recall();
  }

  mark(): number {
    return this.#unread;
  }

  /** Keeps whom a message is for, for as long as they are there. */
  draw(): void {
    const chosen = this.#to.value;
    const options = [...this.#room.participants.values()].map(({ id, name }) =>
      h('option', { value: id, selected: id === chosen }, `${name} only`),
    );
    this.#to.replaceChildren(h('option', { value: EVERYONE }, 'Everyone'), ...options);
  }

  opened(): void {
    this.#isOpen = true;
    this.#unread = 0;
    this.#news.close();
    this.#scroll();
    this.#text.focus();
  }

  closed(): void {
    this.#isOpen = false;
  }

  /** Addresses what is written next. */
  address({ id }: Participant): void {
    this.draw();
    this.#to.value = id;
    this.#text.focus();
  }

  /** What was written before one came. */
  async #recall(): Promise<void> {
    if (this.#room.options.history === 0) return;
    await this.#news.attempt(async () => {
      const messages = await this.#room.history();
      for (const message of messages) if (message.topic === CHAT) this.#show(this.#recalled(message));
    });
  }

  #recalled({ id, data, sender, sent, to }: DataMessage): ChatMessage {
    const from = sender && this.#room.participants.get(sender.id);
    return { id, text: String(data), from, name: sender?.name, to, sent: new Date(sent) };
  }

  async #send(): Promise<void> {
    const text = this.#text.value.trim();
    if (!text) return;
    const to = this.#to.value;
    await this.#news.attempt(async () => {
      this.#show(await this.#room.sendChat(text, to === EVERYONE ? {} : { to: [to] }));
      this.#text.value = '';
    });
  }

  #receive(message: ChatMessage): void {
    this.#show(message);
    if (this.#isOpen) return;
    this.#unread += 1;
    this.#news.say(`${message.name ?? SERVICE}: ${message.text}`);
    this.#changed();
  }

  #show(message: ChatMessage): void {
    if (this.#shown.has(message.id)) return;
    this.#shown.add(message.id);
    this.#log.append(this.#line(message));
    this.#scroll();
  }

  #scroll(): void {
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  #line({ text, from, name = SERVICE, to, sent }: ChatMessage): HTMLElement {
    const { localParticipant: local, participants } = this.#room;
    const isOwn = from === local;
    const receivers = to?.map((id) => (id === local.id ? 'you' : (participants.get(id)?.name ?? 'somebody')));
    const who = isOwn ? 'You' : name;
    const heading = receivers ? `${who} to ${receivers.join(', ')} only` : who;
    const time = sent.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    return h(
      'li',
      { class: 'message', 'data-own': isOwn, 'data-private': to !== undefined, 'data-testid': 'message' },
      h('span', { class: 'message-head' }, h('strong', {}, heading), h('time', { datetime: sent.toISOString() }, time)),
      h('span', { class: 'message-text' }, text),
    );
  }
}
