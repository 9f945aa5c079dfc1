import { Code, type Message, refusal, response } from '@hyperroom/protocol';
import type { RegisteredHyperty } from '../registered-hyperty.ts';
import type { Invitation, Observer, SubscribeOptions } from './types.ts';

/** An invitation that a hyperty was sent. */
export class ReceivedInvitation implements Invitation {
  readonly url: string;
  readonly reporter: string;
  readonly schema: string | undefined;
  readonly name: string | undefined;
  readonly #hyperty: RegisteredHyperty;
  readonly #request: Message;
  readonly #subscribe: Subscribe;

  constructor(hyperty: RegisteredHyperty, request: Message, about: About, subscribe: Subscribe) {
    this.url = about.url;
    this.reporter = about.reporter;
    this.schema = about.schema;
    this.name = about.name;
    this.#hyperty = hyperty;
    this.#request = request;
    this.#subscribe = subscribe;
  }

  async accept<T extends object = object>(options?: SubscribeOptions<T>): Promise<Observer<T>> {
    this.#hyperty.bus.post(response(this.#request, Code.ok));
    return this.#subscribe(this.url, options);
  }

  refuse(code: number = Code.forbidden, description = 'refused'): void {
    this.#hyperty.bus.post(refusal(this.#request, code as Code, description));
  }
}

type About = Pick<Invitation, 'url' | 'reporter' | 'schema' | 'name'>;
type Subscribe = <T extends object>(url: string, options?: SubscribeOptions<T>) => Promise<Observer<T>>;
