import {
  Code,
  type Connection,
  type DataMessage,
  type DismissedBody,
  type JoinedBody,
  type Message,
  type ResumedBody,
  type VideoCodec,
} from '@hyperroom/protocol';
import { Admission } from './admission.ts';
import type { Belongings, ConferenceMessages, JoinRequest } from './conference-messages.ts';
import type { ConnectionController } from './connection-controller.ts';
import { enter } from './entrance.ts';
import { HyperroomError, isPassing, isRefusal } from './errors.ts';
import { type Ask, bodyOf, type Request } from './message-bus.ts';
import { USUAL_CODEC } from './peer-connections.ts';
import type { RegisteredHyperty } from './registered-hyperty.ts';
import type { RoomCopy } from './room-copy.ts';
import type { SubscriptionChoices } from './subscriptions.ts';
import type { WaitingFor } from './types.ts';

export interface AttendanceOptions {
  hyperty: RegisteredHyperty;
  request: JoinRequest;
  messages: ConferenceMessages;
  connections: ConnectionController;
  subscriptions: SubscriptionChoices;
  room: RoomCopy;
  belongings: () => Belongings;
  /** Offers to receive that go with a join. */
  pool: number;
  /** Whether nothing of the room matters any more. */
  isOver: () => boolean;
  onWaiting: (what: WaitingFor) => void;
  /** Hears of offers that a join's frame could not take. */
  onLater: (offers: Connection[]) => void;
  /** Hears that another stay has begun: the room is about to be loaded. */
  onRejoined: () => void;
  onMessage: (message: DataMessage) => void;
  /** Hears that there will be no other stay. */
  onRefused: (error: unknown) => void;
}

/** How a participant comes to be in a room, and remains in it: it joins, goes on by other sockets, and joins again if its stay is over. */
export class Attendance {
  readonly #options: AttendanceOptions;
  #admission = this.#newAdmission((connections) => this.#ask(connections));
  #ready: Promise<unknown> | undefined;
  #registered: Promise<unknown> | undefined;
  /** A further join is under way, or may have arrived without its answer. */
  #isRejoining = false;

  constructor(options: AttendanceOptions) {
    this.#options = options;
  }

  /** Whether the server has been asked at all. */
  get hasAsked(): boolean {
    return this.#registered !== undefined;
  }

  /** Whether the server may count this participant: known once it has answered. */
  get isCounted(): Promise<boolean> {
    return this.#admission.isCounted;
  }

  /** @param ready resolves when all is there that a room needs: the server is not asked before. */
  join(ready: Promise<unknown>): Promise<void> {
    const { request, pool } = this.#options;
    this.#ready = ready;
    return this.#enter(request.create?.codec ?? USUAL_CODEC, pool);
  }

  /** A moderator has said yes. */
  admit(): void {
    this.#admission.admit();
  }

  /** Waiting is over, and it was for nothing. */
  dismiss(body: DismissedBody): void {
    this.#admission.dismiss(body);
  }

  /** Nothing will come any more of waiting. */
  close(): void {
    this.#admission.fail(new HyperroomError('connection-lost', 'closed while joining'));
  }

  /** Says `first` and goes on with the stay, or begins another if that is over. See `Engagement.goOn`. */
  async goOn(ask: Ask, first: Request, isNew: boolean): Promise<void> {
    const { messages, room, isOver } = this.#options;
    // Who waits to be admitted has no stay yet.
    if (isOver() || !(isNew || room.isLoaded)) {
      await ask(first)[0];
      return;
    }
    const [known, reopened] = ask(first, messages.reopen());
    const over = (error: unknown) => {
      // Only another socket tells a new stay's messages from those of the old.
      if (!isNew || !isRefusal(error, Code.notFound)) throw error;
    };
    const [, answer] = await Promise.all([known, reopened.catch(over)]);
    if (!room.isLoaded) {
      // A join that is on its way is asked again. Who waited waits no longer, now that his socket is gone: as if he were admitted, he asks.
      if (!answer) this.admit();
    } else if (answer && !this.#isRejoining) {
      this.#resume(bodyOf(answer, ({ value, messages }: ResumedBody) => value.data.participants && messages));
    } else {
      // The answer to an earlier attempt was lost, and what it offered is of no use without.
      if (answer) await ask(messages.leave())[0];
      await this.#rejoin(ask);
    }
  }

  #newAdmission(ask: (connections: Connection[]) => Promise<Message>): Admission {
    return new Admission({ ask, onWaiting: (what) => this.#options.onWaiting(what) });
  }

  /** The first time along with the registration. */
  #ask(connections: Connection[]): Promise<Message> {
    const { hyperty, isOver } = this.#options;
    if (isOver()) throw new HyperroomError('connection-lost', 'left while joining');
    const join = this.#request(connections);
    if (this.#registered) return hyperty.bus.request(join)[0];
    const [registered, joined] = hyperty.register(join);
    this.#registered = registered;
    // It is looked at once the join is answered.
    registered.catch(() => {});
    return joined;
  }

  #request(connections: Connection[]): Request {
    const { messages, request, belongings, subscriptions } = this.#options;
    return messages.join(request, belongings(), connections, subscriptions.initial);
  }

  async #enter(codec: VideoCodec, receive: number): Promise<void> {
    const { connections, belongings, hyperty, isOver, onLater } = this.#options;
    const { sending } = belongings();
    const ready = Promise.all([hyperty.bus.opened, this.#ready]);
    const { joined, later } = await enter({ connections, admission: this.#admission, sending, receive, ready }, codec);
    await this.#registered;
    this.#admitted(joined);
    if (isOver()) throw new HyperroomError('connection-lost', 'removed while joining');
    if (later.length > 0) onLater(later);
  }

  #admitted(joined: JoinedBody): void {
    const { value } = joined;
    const { connections, room, isOver, onRejoined } = this.#options;
    if (isOver()) return;
    connections.enter(value.data.epoch);
    connections.accept(joined, value.version);
    if (this.#isRejoining) onRejoined();
    this.#isRejoining = false;
    room.load(value);
  }

  #resume({ value, messages }: ResumedBody): void {
    const { room, isOver, onMessage } = this.#options;
    if (isOver()) return;
    room.load(value);
    for (const message of messages) onMessage(message);
  }

  /** Another stay, by the same name and with the same things. */
  async #rejoin(ask: Ask): Promise<void> {
    const { pool, connections, hyperty, room, onRefused } = this.#options;
    const { codec, lastN } = room.object.data.options;
    const receive = Math.min(lastN, Math.max(pool, connections.receivers));
    // The media server has let go of these, and whoever still offers more of them offers them to a stay that is over.
    connections.clear();
    hyperty.bus.withdraw(({ body }) => 'connections' in body || 'subscriptions' in body);
    room.restart();
    this.#isRejoining = true;
    this.#admission = this.#newAdmission((offers) => ask(this.#request(offers))[0]);
    try {
      await this.#enter(codec, receive);
    } catch (error) {
      if (!isPassing(error)) onRefused(error);
      throw error;
    }
  }
}
