import { after } from './after.ts';
import { before } from './before.ts';
import { call } from './call.ts';
import { embedded } from './embedded.ts';
import { operator } from './operator.ts';
import type { Sight, Story } from './sight.ts';
import type { Theatre } from './theatre.ts';
import { trouble } from './trouble.ts';

/** The last one takes the media away from everybody. */
export const STORIES: readonly Story[] = [operator, before, call, after, embedded, trouble];

/** Plays the stories that have a sight which is wanted, and gives those, named `story/sight`. */
export async function* play(theatre: Theatre, isWanted: (name: string) => boolean): AsyncGenerator<Sight> {
  for (const story of STORIES) {
    const wanted = story.sights.map((sight) => `${story.name}/${sight}`).filter(isWanted);
    for await (const { name, page } of wanted.length > 0 ? story.play(theatre) : []) {
      const whole = `${story.name}/${name}`;
      if (wanted.includes(whole)) yield { name: whole, page };
      // What comes after the last that is wanted need not be made.
      if (whole === wanted.at(-1)) break;
    }
    await theatre.clear();
  }
}
