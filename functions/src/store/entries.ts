import * as v from 'valibot';

/** What is known of an address: who receives what is sent to it, and its entry in the registry, if it has one. */
export interface AddressEntry {
  readonly url: string;
  /** The connection of its owner. Absent: it has none now. */
  readonly connectionId: string | undefined;
  readonly user: string | undefined;
  /** Milliseconds since the epoch until which it belongs to its owner. */
  readonly expires: number;
  /** Frees a block of allocated addresses. */
  readonly allocationKey: string | undefined;
  /** The rooms that it joined on this connection: what to look after when the connection ends. */
  readonly rooms: readonly string[];
  /** Connections that want what is published to it: an address without an owner may have many. */
  readonly subscribers: readonly string[];
  readonly registration: StoredRegistration | undefined;
  /** Whether there is a secret by which its owner may take it over from another socket. */
  readonly resumable: boolean;
  /** When its connection was opened, in milliseconds since the epoch. */
  readonly opened: number;
}

const StoredRegistration = v.looseObject({
  user: v.string(),
  status: v.picklist(['live', 'disconnected']),
  /** Seconds. */
  expires: v.number(),
  /** Milliseconds since the epoch: past it, it counts as disconnected. */
  until: v.number(),
  startingTime: v.string(),
  lastModified: v.string(),
  resources: v.optional(v.array(v.string()), []),
  dataSchemes: v.optional(v.array(v.string()), []),
});
export type StoredRegistration = v.InferOutput<typeof StoredRegistration>;

const TextSet = v.optional(v.set(v.string()), new Set<string>());

const StoredEntry = v.object({
  url: v.string(),
  connectionId: v.optional(v.string()),
  user: v.optional(v.string()),
  expires: v.optional(v.number(), Number.POSITIVE_INFINITY),
  allocationKey: v.optional(v.string()),
  rooms: TextSet,
  subscribers: TextSet,
  registration: v.optional(StoredRegistration),
  resumption: v.optional(v.string()),
  opened: v.optional(v.number(), 0),
});

export function entryFrom(item: unknown): AddressEntry {
  const { connectionId, user, allocationKey, registration, rooms, subscribers, resumption, ...rest } = v.parse(
    StoredEntry,
    item,
  );
  return {
    ...rest,
    connectionId,
    user,
    allocationKey,
    registration,
    rooms: [...rooms],
    subscribers: [...subscribers],
    resumable: resumption !== undefined,
  };
}

/** A registration's status at a moment: without a keep-alive it ends by itself. */
export function statusAt(registration: StoredRegistration, now: number): 'live' | 'disconnected' {
  return registration.until > now ? registration.status : 'disconnected';
}
