import type { Connection, DismissedBody, JoinedBody, Message, WaitingBody } from '@hyperroom/protocol';
import { HyperroomError, isRefusal, retryAfterOf } from './errors.ts';
import { bodyOf } from './message-bus.ts';
import type { WaitingFor } from './types.ts';

export interface AdmissionOptions {
  /** Sends a join. */
  ask: (connections: Connection[]) => Promise<Message>;
  /** Hears what has to happen first. */
  onWaiting: (what: WaitingFor) => void;
}

/** Milliseconds that a media server may take to start. */
export const STARTING = 300_000;

/** The way into a room: through its waiting room if it has one, and when there is a media server for it. */
export class Admission {
  readonly #options: AdmissionOptions;
  #counted = Promise.resolve(false);
  #turn = newTurn();

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Asks to be let in; if a moderator has to decide, or a media server to start, asks the same again when that is done. */
  async request(connections: Connection[]): Promise<JoinedBody> {
    const { onWaiting } = this.#options;
    const until = Date.now() + STARTING;
    for (;;) {
      const answered = this.#ask(connections);
      this.#counted = answered.then(
        () => true,
        (error: unknown) => !isRefusal(error),
      );
      try {
        const answer = await answered;
        if (!('waiting' in answer)) return answer;
        onWaiting('moderator');
      } catch (error) {
        if (!isRefusal(error) || !error.refusal?.starting || Date.now() > until) throw error;
        onWaiting('media');
        setTimeout(this.#turn.resolve, retryAfterOf(error));
      }
      // The moderator's word may have overtaken the answer.
      await this.#turn.promise;
      this.#turn = newTurn();
    }
  }

  /** Whether the server may count this participant among those who are in the room, or wait: known once it has answered. */
  get isCounted(): Promise<boolean> {
    return this.#counted;
  }

  /** A moderator has said yes. */
  admit(): void {
    this.#turn.resolve();
  }

  /** Waiting is over, and it was for nothing. */
  dismiss({ reason, description = reason }: Pick<DismissedBody, 'reason' | 'description'>): void {
    this.#counted = Promise.resolve(false);
    this.fail(new HyperroomError(reason === 'ended' ? 'not-found' : 'waiting-refused', description));
  }

  /** Nothing will come any more of waiting. */
  fail(error: HyperroomError): void {
    this.#turn.reject(error);
  }

  async #ask(connections: Connection[]): Promise<JoinedBody | WaitingBody> {
    const answer = await this.#options.ask(connections);
    return bodyOf(answer, (body: JoinedBody | WaitingBody) =>
      'waiting' in body ? body.waiting : body.value.data.participants && body.connections,
    );
  }
}

interface Turn {
  promise: Promise<void>;
  resolve: () => void;
  reject: (error: HyperroomError) => void;
}

function newTurn(): Turn {
  let resolve: Turn['resolve'] = () => {};
  let reject: Turn['reject'] = () => {};
  const promise = new Promise<void>((...settle) => {
    [resolve, reject] = settle;
  });
  // Nobody may be waiting for it.
  promise.catch(() => {});
  return { promise, resolve, reject };
}
