import type { Participant, Room, WaitingParticipant } from '../src/index.ts';
import { textButton } from './buttons.ts';
import { h } from './dom.ts';
import { Keyed, type View } from './keyed.ts';
import type { News } from './news.ts';
import { mayModerate, Person, type PersonContext, reasonOf } from './person.ts';
import type { Panel } from './side-panel.ts';

/** Who is here, and who asks to be let in. */
export class PeoplePanel implements Panel {
  readonly name = 'people';
  readonly title = 'Participants';
  readonly icon = 'people';
  readonly element: HTMLElement;
  readonly #room: Room;
  readonly #waiting: HTMLElement;
  readonly #waitingList: Keyed<WaitingParticipant, Waiting>;
  readonly #people: Keyed<Participant, Person>;

  constructor(context: PersonContext) {
    const { room, news } = context;
    const list = h('ul', { class: 'people' });
    const waiting = h('ul', { class: 'people' });
    this.#room = room;
    this.#waitingList = new Keyed(waiting, (somebody) => new Waiting(somebody, room, news));
    this.#people = new Keyed(list, (participant) => new Person(participant, context));
    this.#waiting = h('section', { 'data-testid': 'waiting-list' }, h('h3', {}, 'Waiting to be let in'), waiting);
    this.element = h('div', { class: 'panel-body' }, this.#waiting, list);
  }

  mark(): number {
    return mayModerate(this.#room) ? this.#room.waiting.size : 0;
  }

  draw(): void {
    const { localParticipant, participants, waiting } = this.#room;
    this.#waiting.hidden = this.mark() === 0;
    this.#waitingList.draw(waiting);
    this.#people.draw(new Map<string, Participant>([[localParticipant.id, localParticipant], ...participants]));
  }
}

class Waiting implements View<WaitingParticipant> {
  readonly element: HTMLElement;

  constructor({ id, name }: WaitingParticipant, { moderation }: Room, news: News) {
    const reason = h('input', {
      maxlength: '256',
      placeholder: 'Reason',
      'aria-label': `Why ${name} is refused`,
    });
    const admit = textButton('Let in', () => news.attempt(() => moderation.admit(id)), {
      style: 'primary small',
      testid: 'admit',
    });
    const refuse = textButton('Refuse', () => news.attempt(() => moderation.refuse(id, reasonOf(reason))), {
      style: 'danger small',
      testid: 'refuse',
    });
    admit.setAttribute('aria-label', `Let ${name} in`);
    refuse.setAttribute('aria-label', `Refuse ${name}`);
    this.element = h(
      'li',
      { class: 'person', 'data-testid': 'waiting-person', 'data-person': name },
      h('strong', {}, name),
      h('div', { class: 'line' }, reason, refuse, admit),
    );
  }

  draw(): void {}
}
