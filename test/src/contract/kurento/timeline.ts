import type { RecordedEvent } from './trace.ts';

/** Kurento repeats these in no fixed number, as candidates and pairs come and go; what counts is that they came. */
const ONCE = new Set(['IceCandidateFound', 'NewCandidatePairSelected', 'IceComponentStateChanged']);

/** Events by their subject, such as one medium of one endpoint: Kurento fixes the order within one, not across. */
export class Timeline {
  readonly tracks: Record<string, string[]> = {};

  add(conn: number, { object, type, data }: RecordedEvent): void {
    const subject = [data.componentId, data.mediaType].filter((part) => part !== undefined).join(' ');
    const track = `socket ${conn} ${object} ${type} ${subject}`.trimEnd();
    const states = this.tracks[track] ?? [];
    const state = describe(type, data);
    if (!ONCE.has(type) || !states.includes(state)) states.push(state);
    this.tracks[track] = states;
  }

  /** This timeline cut to the subjects and lengths of another. */
  upTo(other: Timeline): Record<string, string[]> {
    const cut = Object.entries(other.tracks).map(([track, states]) => [
      track,
      this.tracks[track]?.slice(0, states.length) ?? [],
    ]);
    return Object.fromEntries(cut) as Record<string, string[]>;
  }
}

function describe(type: string, data: RecordedEvent['data']): string {
  const { candidate } = data;
  if (typeof candidate === 'object' && candidate && 'sdpMid' in candidate) return `mid ${String(candidate.sdpMid)}`;
  return String(data.state ?? data.newState ?? data.object ?? data.objectId ?? type);
}
