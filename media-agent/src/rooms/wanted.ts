import type { RosterEntry } from '@hyperroom/protocol';
import type { Member } from './state.ts';
import type { Published, Supply } from './supply.ts';
import { isChosen, isSubscribed } from './wishes.ts';

/** What a member should receive, the most important first: no more than `lastN`. */
export function wanted(
  { stay, wishes, waived, refused }: Member,
  { subscribes }: Pick<RosterEntry, 'subscribes'>,
  { ranked }: Pick<Supply, 'ranked'>,
  lastN: number,
): Published[] {
  if (!subscribes || refused) return [];
  const eligible = ranked.filter(
    (publication) => publication.stay !== stay && !waived.has(publication.key) && isSubscribed(wishes, publication),
  );
  const chosen = eligible.filter((publication) => isChosen(wishes, publication));
  const others = eligible.filter((publication) => !isChosen(wishes, publication));
  return [...chosen, ...others].slice(0, lastN);
}
