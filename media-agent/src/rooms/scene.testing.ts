import { ConnectionsBody, type MediaCommand, type Message } from '@hyperroom/protocol';
import * as v from 'valibot';
import { ADDRESSES, Conference, type ConferenceOptions } from './testing.ts';
import { World } from './world.testing.ts';

/** Test support: one conference and one planner, fresh for each test by `openScene`. */
export let conference: Conference;
export let world: World;

export function openScene(options: ConferenceOptions = {}, empty = new World()): void {
  conference = new Conference(options);
  world = empty;
}

export const send = (command: MediaCommand) => world.send({ type: 'command', command });
export const urlOf = (name: string) => ADDRESSES.connection(name);
export const hyperty = (id: string) => ADDRESSES.hyperty(id);
export const namesOf = (urls: Iterable<string>) => [...urls].map((url) => url.slice(url.lastIndexOf('/') + 1));
export const framesTo = (connectionId: string) => world.posts.filter((post) => post.connectionId === connectionId);
export const connectionsIn = (message: Message | undefined) =>
  v.parse(v.pick(ConnectionsBody, ['connections']), message?.body).connections;

export function joinAndSettle(...ids: string[]): void {
  for (const id of ids) {
    send(conference.join(id));
    world.settle();
  }
}
