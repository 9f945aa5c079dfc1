import { setTimeout as delay } from 'node:timers/promises';
import { HyperroomError } from '@hyperroom/client';
import type { Room } from '@hyperroom/client/server';
import { Hyperroom, type Observer, Syncher } from '@hyperroom/client/syncher';

const { HYPERROOM_URL = '' } = process.env;
const url = `comm://${new URL(HYPERROOM_URL).hostname}/${process.argv[2] ?? 'minimal-call'}`;

await using hyperty = await new Hyperroom({ url: HYPERROOM_URL }).connect();
const syncher = new Syncher(hyperty);

// A room is a data object like any other: one can look on without being in it.
const room = await observe();
room.on('deleted', () => console.log('It is over.'));
print(room.data);
for await (const [{ data }] of room.events('updated')) print(data);

/** Waits until there is such a room. */
async function observe(): Promise<Observer<Room['data']>> {
  console.log(`Waiting for ${url}`);
  for (;;) {
    try {
      return await syncher.subscribe<Room['data']>(url);
    } catch (error) {
      if (!(error instanceof HyperroomError && error.code === 'not-found')) throw error;
      await delay(500);
    }
  }
}

function print({ participants }: Room['data']): void {
  const people = Object.values(participants).map(({ identity, publications }) => {
    const { main } = publications;
    return `${identity.name} (${main?.sources.join(' and ') ?? 'looks on'})`;
  });
  console.log(people.length > 0 ? people.join(', ') : 'Nobody is there.');
}
