import type { Answer } from 'kurento-client';
import { fromKurento, MediaServerError } from './media-server-error.ts';

/** Starts one call of kurento-client, which answers through the callback (its promises never reject). */
export type Send<T> = (answer: Answer<T>) => void;

/** Makes one call; `name` says in the error which. */
export type Call = <T>(name: string, send: Send<T>, signal?: AbortSignal) => Promise<T>;

/** The calls under way on one connection: each settles by its deadline, all of them when the connection breaks. */
export class Calls {
  readonly #deadlineMs: number;
  readonly #underWay = new Set<(reason: MediaServerError) => void>();

  constructor(deadlineMs: number) {
    this.#deadlineMs = deadlineMs;
  }

  readonly run: Call = <T>(name: string, send: Send<T>, signal?: AbortSignal) =>
    new Promise<T>((resolve, reject) => {
      signal?.throwIfAborted();
      const settle = () => {
        clearTimeout(deadline);
        this.#underWay.delete(fail);
        signal?.removeEventListener('abort', abort);
      };
      const fail = (reason: unknown) => {
        settle();
        reject(reason);
      };
      const abort = () => fail(signal?.reason);
      const expire = () => fail(new MediaServerError('timeout', `${name}: no answer within ${this.#deadlineMs} ms`));
      const deadline = setTimeout(expire, this.#deadlineMs);
      this.#underWay.add(fail);
      signal?.addEventListener('abort', abort);
      send((error, result) => {
        if (error) return fail(fromKurento(name, error));
        settle();
        resolve(result);
      });
    });

  failAll(reason: MediaServerError): void {
    for (const fail of this.#underWay) fail(reason);
  }
}
