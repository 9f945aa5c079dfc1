import type { AgentState, EndpointRef } from './state.ts';

/** Test support: a state as the next process finds it. */

export const keyOf = ({ room, stay, url }: EndpointRef) => `${room} ${stay} ${url}`;

export interface KnownEndpoint {
  ref: EndpointRef;
  isReceiver: boolean;
}

/** The endpoints that a state has the answers of. */
export function knownIn({ rooms }: AgentState): Map<string, KnownEndpoint> {
  const known = new Map<string, KnownEndpoint>();
  for (const room of rooms.values()) {
    for (const { stay, publications, receivers } of room.members.values()) {
      for (const { url, phase } of [...publications.values(), ...receivers.values()]) {
        const ref = { room: room.key, stay, url };
        if (phase.name === 'answered') known.set(keyOf(ref), { ref, isReceiver: receivers.has(url) });
      }
    }
  }
  return known;
}

/** As it comes out of a file. */
export function revived(state: AgentState): AgentState {
  const text = JSON.stringify(state, (_, value: unknown) => {
    if (value instanceof Map) return { map: [...value] };
    return value instanceof Set ? { set: [...value] } : value;
  });
  return JSON.parse(text, (_, value: { map?: [unknown, unknown][]; set?: unknown[] } | null) => {
    if (Array.isArray(value?.map)) return new Map(value.map);
    return Array.isArray(value?.set) ? new Set(value.set) : value;
  });
}
