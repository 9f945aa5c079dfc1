import type { Participant, RemoteParticipant, Room, Source } from '../src/index.ts';
import { ActionButton } from './buttons.ts';
import { h } from './dom.ts';
import { handOf, LOWERED } from './hand.ts';
import type { View } from './keyed.ts';
import type { News } from './news.ts';
import { mutedBy } from './participant-tile.ts';
import type { Pauses } from './pauses.ts';
import { receivingButtons } from './receiving-buttons.ts';
import { hueOf, initials } from './words.ts';

export interface PersonContext {
  room: Room;
  news: News;
  pauses: Pauses;
  /** Opens the chat, addressed to one participant. */
  write: (participant: Participant) => void;
  /** Has everything drawn anew. */
  draw: () => void;
}

/** Somebody in the list of participants, and what can be done about him. */
export class Person implements View<Participant> {
  readonly element: HTMLElement;
  readonly #state = h('span', { class: 'person-state' });
  readonly #buttons: readonly ActionButton[];
  readonly #removal: HTMLElement | undefined;
  readonly #room: Room;

  constructor(participant: Participant, context: PersonContext) {
    const { room } = context;
    const { name } = participant;
    const remote = room.participants.get(participant.id);
    this.#room = room;
    this.#buttons = remote ? actions(remote, context) : [];
    this.#removal = remote && removal(remote, context);
    const avatar = h('span', { class: 'avatar', 'aria-hidden': 'true' }, initials(name));
    avatar.style.setProperty('--hue', String(hueOf(name)));
    this.element = h(
      'li',
      { class: 'person', 'data-testid': 'person', 'data-person': name },
      h(
        'div',
        { class: 'person-head' },
        avatar,
        h('div', {}, h('strong', {}, remote ? name : `${name} (you)`), this.#state),
      ),
      remote &&
        h(
          'details',
          {},
          h('summary', { 'aria-label': `Options for ${name}` }, 'Options'),
          h('div', { class: 'person-actions' }, ...this.#buttons.map(({ element }) => element)),
          this.#removal,
        ),
    );
  }

  draw(participant: Participant): void {
    this.#state.textContent = stateOf(participant);
    for (const button of this.#buttons) button.draw();
    if (this.#removal) this.#removal.hidden = !mayModerate(this.#room);
  }
}

export function mayModerate({ localParticipant }: Room): boolean {
  return localParticipant.role === 'moderator';
}

/** Everything about somebody that the pictures show as badges, in words. */
function stateOf(participant: Participant): string {
  const { role, status, quality } = participant;
  const mutings = (['microphone', 'camera', 'screen'] as const).flatMap((source) => {
    const by = mutedBy(participant, source);
    if (!by) return [];
    return by === 'self' ? `${source} off` : `${source} muted by a moderator`;
  });
  const words = [
    role,
    status === 'disconnected' && 'reconnecting',
    participant.publications.size === 0 && 'only watches',
    ...mutings,
    handOf(participant) && 'hand raised',
    (quality === 'poor' || quality === 'lost') && `connection ${quality}`,
  ];
  return words.filter((word) => word !== false).join(' · ');
}

function actions(participant: RemoteParticipant, context: PersonContext): ActionButton[] {
  const { pauses, write, draw } = context;
  const message = new ActionButton({ testid: 'write', label: () => 'Message', press: () => write(participant) });
  return [message, ...receivingButtons(participant, pauses, draw), ...moderating(participant, context)];
}

const SOURCES: readonly Source[] = ['microphone', 'camera', 'screen'];

/** What moderators may do to somebody. */
function moderating(participant: RemoteParticipant, { room, news }: PersonContext): ActionButton[] {
  const { moderation } = room;
  const { id } = participant;
  const action = (testid: string, label: () => string | undefined, act: () => Promise<void>) =>
    new ActionButton({
      testid,
      label: () => (mayModerate(room) ? label() : undefined),
      press: () => news.attempt(act),
    });
  const blocking = SOURCES.map((source) =>
    action(
      `block-${source}`,
      () => `${participant.isBlocked(source) ? 'Allow' : 'Mute'} ${source}`,
      () => (participant.isBlocked(source) ? moderation.unblock(id, source) : moderation.block(id, source)),
    ),
  );
  return [
    ...blocking,
    action(
      'lower-hand',
      () => (handOf(participant) ? 'Lower hand' : undefined),
      () => moderation.describe(id, LOWERED),
    ),
    action(
      'appoint',
      () => (participant.role === 'moderator' ? 'Make a participant' : 'Make a moderator'),
      () => moderation.appoint(id, participant.role === 'moderator' ? 'participant' : 'moderator'),
    ),
  ];
}

function removal({ id, name }: RemoteParticipant, { room, news }: PersonContext): HTMLElement {
  const reason = h('input', {
    maxlength: '256',
    placeholder: 'Reason, if you like',
    'aria-label': `Why ${name} has to go`,
    'data-testid': 'remove-reason',
  });
  const submit = (event: Event) => {
    event.preventDefault();
    news.attempt(() => room.moderation.remove(id, reasonOf(reason)));
  };
  return h(
    'form',
    { class: 'line', onsubmit: submit },
    reason,
    h('button', { class: 'danger small', 'data-testid': 'remove' }, 'Remove'),
  );
}

/** What stands in a field for a reason; nothing if nothing does. */
export function reasonOf({ value }: HTMLInputElement): { reason?: string } {
  const reason = value.trim();
  return reason ? { reason } : {};
}
