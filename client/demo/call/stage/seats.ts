export interface Seats {
  /** Ids of all who are there, in the order of their places. */
  order: readonly string[];
  /** Who has spoken, last first. */
  heard: readonly string[];
}

export interface Attendance {
  present: readonly string[];
  /** Those who are shown large: they keep their places for later. */
  large: readonly string[];
  /** Those who speak now, loudest first. */
  speaking: readonly string[];
  /** How many of those who are not large can be seen. */
  visible: number;
}

export const NO_SEATS: Seats = { order: [], heard: [] };

/**
 * Who sits where: everybody keeps the place, whoever comes takes the last, and who speaks out of sight changes places with who has
 * been silent for the longest. The first place is one's own.
 */
export function seated(before: Seats, { present, large, speaking, visible }: Attendance): Seats {
  const there = new Set(present);
  const known = new Set(before.order);
  const stayed = before.order.filter((id) => there.has(id));
  const order = [...stayed, ...present.filter((id) => !known.has(id))];
  const heard = [...speaking, ...before.heard.filter((id) => there.has(id) && !speaking.includes(id))];
  for (const id of speaking) {
    const small = order.filter((candidate) => !large.includes(candidate));
    if (small.indexOf(id) < visible) continue;
    const mayMove = small.slice(0, visible).filter((other) => other !== present[0] && !speaking.includes(other));
    const other = silentest(mayMove, heard);
    if (other === undefined) break;
    const [place, otherPlace] = [order.indexOf(id), order.indexOf(other)];
    order[otherPlace] = id;
    order[place] = other;
  }
  return { order, heard };
}

function silentest(candidates: readonly string[], heard: readonly string[]): string | undefined {
  const silence = (id: string) => (heard.includes(id) ? heard.indexOf(id) : heard.length);
  return candidates.reduce<string | undefined>(
    (best, id) => (best !== undefined && silence(best) > silence(id) ? best : id),
    undefined,
  );
}
