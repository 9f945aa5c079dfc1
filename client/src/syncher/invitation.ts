import { Code, type Message, refusal, response } from '@hyperroom/protocol';
import type { MessageBus } from '../message-bus.ts';
import type { Invitation, Observer, SubscribeOptions } from './types.ts';

type About = Pick<Invitation, 'url' | 'reporter' | 'schema' | 'name'>;
type Subscribe = <T extends object>(url: string, options?: SubscribeOptions<T>) => Promise<Observer<T>>;

/** An invitation as `request` has brought it. */
export function invitationOf(bus: MessageBus, request: Message, about: About, subscribe: Subscribe): Invitation {
  return {
    ...about,
    async accept(options) {
      bus.post(response(request, Code.ok));
      return subscribe(about.url, options);
    },
    refuse(code = Code.forbidden, description = 'refused') {
      bus.post(refusal(request, code as Code, description));
    },
  };
}
