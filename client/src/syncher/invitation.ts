import { Code, type Message, refusal, response } from '@hyperroom/protocol';
import type { RegisteredHyperty } from '../registered-hyperty.ts';
import type { Observer } from './observer.ts';
import type { SubscribeOptions } from './syncher.ts';

/** A reporter wants this hyperty to observe an object. It waits 15 seconds for an answer. */
export class Invitation {
  /** The object. */
  readonly url: string;
  readonly reporter: string;
  readonly schema: string | undefined;
  readonly name: string | undefined;
  readonly #hyperty: RegisteredHyperty;
  readonly #request: Message;
  readonly #subscribe: Subscribe;

  /** Listen to `notification` of a Syncher. */
  constructor(hyperty: RegisteredHyperty, request: Message, about: About, subscribe: Subscribe) {
    this.url = about.url;
    this.reporter = about.reporter;
    this.schema = about.schema;
    this.name = about.name;
    this.#hyperty = hyperty;
    this.#request = request;
    this.#subscribe = subscribe;
  }

  /** Accepts, and observes the object: as `Syncher.subscribe`. */
  async accept<T extends object = object>(options?: SubscribeOptions<T>): Promise<Observer<T>> {
    this.#hyperty.bus.post(response(this.#request, Code.ok));
    return this.#subscribe(this.url, options);
  }

  /** Refuses, with a code that the reporter is told. Default 403. Throws `connection-lost`. */
  refuse(code: Code = Code.forbidden, description = 'refused'): void {
    this.#hyperty.bus.post(refusal(this.#request, code, description));
  }
}

type About = Pick<Invitation, 'url' | 'reporter' | 'schema' | 'name'>;
type Subscribe = <T extends object>(url: string, options?: SubscribeOptions<T>) => Promise<Observer<T>>;
