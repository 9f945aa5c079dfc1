import {
  Code,
  changesOf,
  childrenOf,
  type DataMessage,
  type DataPush,
  type ObjectUpdate,
  type Room,
  subscriptionOf,
} from '@hyperroom/protocol';
import { Emitter } from './emitter.ts';
import { isRefusal } from './errors.ts';
import { bodyOf } from './message-bus.ts';
import type { RegisteredHyperty } from './registered-hyperty.ts';
import { isUpdate } from './syncher/data-object.ts';
import { ObjectObserver } from './syncher/object-observer.ts';

/** Milliseconds that a missing update of the room may take before the room is read again. */
const PATIENCE = 500;

interface RoomCopyEvents {
  updated: [];
  /** It cannot be read by who is in it. */
  denied: [];
  /** The room is over. */
  deleted: [];
  /** Chat, or data of the application. */
  message: [message: DataMessage];
}

/** The room object at its newest version. The conference sends changes to those in the room unasked, so there is nothing to subscribe to. */
export class RoomCopy extends Emitter<RoomCopyEvents> {
  readonly #url: string;
  readonly #copy: ObjectObserver<Room>;
  readonly #stops: (() => void)[];

  constructor({ url: from, bus }: RegisteredHyperty, url: string) {
    super();
    this.#url = url;
    this.#copy = new ObjectObserver<Room>({
      isValid: (_): _ is Room => true,
      read: async () => {
        const answer = await bus.request({ type: 'read', from, to: url, body: {} })[0];
        return bodyOf(answer, ({ value }: { value: Room }) => value.data.participants).value;
      },
      patience: PATIENCE,
      onUpdated: () => this.emit('updated'),
      onUnreadable: (error) => {
        if (isRefusal(error, Code.forbidden) || isRefusal(error, Code.notFound)) this.emit('denied');
      },
    });
    const children = childrenOf(url);
    const to = changesOf(url);
    this.#stops = [
      bus.route({ type: 'update', from: url, to }, (update: ObjectUpdate) => this.#copy.update(update), isUpdate),
      bus.route({ type: 'delete', from: subscriptionOf(url), to }, () => this.emit('deleted')),
      // Whoever is not the conference may add children of his own making.
      bus.route({ type: 'create', from: children, to: children }, ({ value }: DataPush) => this.emit('message', value)),
    ];
  }

  get isLoaded(): boolean {
    return this.#copy.object !== undefined;
  }

  get object(): Room {
    if (!this.#copy.object) throw new Error(`${this.#url} has yet to be loaded`);
    return this.#copy.object;
  }

  /** Takes the whole room, unless a newer version is known. */
  load(room: Room): void {
    this.#copy.load(room);
  }

  /** Forgets its versions: another room by the same address is about to be loaded. */
  restart(): void {
    this.#copy.restart();
  }

  close(): void {
    this.#copy.close();
    for (const stop of this.#stops) stop();
  }
}
