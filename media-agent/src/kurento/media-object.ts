import type { MediaObject } from 'kurento-client';
import type { Send } from './calls.ts';

/**
 * kurento-client subscribes and unsubscribes as listeners come and go, and reports a failure of that as an `error`
 * event: uncaught, because its hooks forbid to listen for 'error'. So the hooks go, which leaves a plain emitter of the
 * object's events, and `subscribe` asks for them as a call like any other. Nothing is unsubscribed: `release` ends
 * subscriptions on Kurento's side.
 */
export function takeOverSubscribing(media: MediaObject): void {
  media.removeAllListeners('removeListener');
  media.removeAllListeners('newListener');
}

export function subscribe(media: MediaObject, type: string): Send<unknown> {
  return (answer) => media.emit('_rpc', undefined, 'subscribe', { object: media, type }, answer);
}

/** A request in terms of the protocol, about an object known only by its id; `sender` is any object of the client. */
export function request<T>(sender: MediaObject, method: string, params: object = {}): Send<T> {
  return (answer) =>
    sender.emit('_rpc', undefined, method, { ...params }, (error, result) => answer(error, result?.value as T));
}

/**
 * kurento-client holds every later call back until a `release` is answered, the health check's too: behind the many of a large room
 * each would wait for all of them. A transaction with nothing but the release in it is not held to that.
 */
export function release(media: MediaObject): Send<unknown> {
  const operations = [{ jsonrpc: '2.0', id: 0, method: 'release', params: { object: media.id } }];
  return (answer) =>
    media.emit('_rpc', undefined, 'transaction', { operations }, (error, result) => {
      const [reply] = (result?.value ?? []) as { error?: unknown }[];
      const failure = error ?? reply?.error;
      // The client forgets the object, as it does after a release of its own.
      if (!failure) media.emit('release');
      answer(failure, undefined);
    });
}
