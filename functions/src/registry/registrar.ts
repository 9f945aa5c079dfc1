import { type DomainAddresses, type Message, type Registration, registrationOf } from '@hyperroom/protocol';
import type { Gateway } from '../gateway.ts';
import type { Addresses } from '../store/addresses.ts';
import type { AddressEntry, StoredRegistration } from '../store/entries.ts';

/** Changes what the registry says of an address, and tells whoever asked to hear of it. */
export interface Registrar {
  /** Counts as live again, for the seconds that it was registered for. */
  renew(entry: AddressEntry): Promise<void>;
  /** Unreachable, but its owner may come back to it. */
  suspend(entry: AddressEntry): Promise<void>;
  resume(entry: AddressEntry, to: { readonly connectionId: string }): Promise<void>;
  /** Its owner is gone. An ephemeral entry goes with him, any other stays readable as disconnected. */
  end(entry: AddressEntry): Promise<void>;
  tell(url: string, status: StoredRegistration['status']): Promise<void>;
}

export interface RegistrarDependencies {
  readonly addresses: DomainAddresses;
  readonly entries: Addresses;
  readonly gateway: Gateway;
  readonly newId: () => string;
  readonly clock: () => number;
}

/** What is stored of a registration, its secret apart: that is never shown. */
export function stored({ resumption: _, ...value }: Registration, user: string, now: number): StoredRegistration {
  const time = new Date(now).toISOString();
  const status = value.status === 'disconnected' ? 'disconnected' : 'live';
  const { resources = [], dataSchemes = [] } = value;
  const until = now + value.expires * 1000;
  return { ...value, resources, dataSchemes, user, status, until, startingTime: time, lastModified: time };
}

export function registrar({ addresses, entries, gateway, newId, clock }: RegistrarDependencies): Registrar {
  async function tell(url: string, status: StoredRegistration['status']): Promise<void> {
    const topic = registrationOf(url);
    const subscribers = (await entries.lookUp([topic])).get(topic)?.subscribers ?? [];
    const body = { value: status, attribute: 'status' };
    const message: Message = { id: newId(), type: 'update', from: addresses.registry, to: topic, body };
    await Promise.all(subscribers.map((connectionId) => gateway.post(connectionId, [message])));
  }

  async function change(entry: AddressEntry, status: StoredRegistration['status'], ended = false): Promise<void> {
    if (!entry.registration) return;
    const { registration, connectionId } = entry;
    const now = clock();
    const until = status === 'live' ? now + registration.expires * 1000 : now;
    const changed = { ...registration, status, until, lastModified: new Date(now).toISOString() };
    const written = await entries.setRegistration(entry.url, changed, { connectionId, ended });
    if (written && registration.status !== status) await tell(entry.url, status);
  }

  return {
    tell,
    renew: (entry) => change(entry, 'live'),
    suspend: (entry) => change(entry, 'disconnected'),
    resume: (entry, { connectionId }) => change({ ...entry, connectionId }, 'live'),
    async end(entry) {
      if (!entry.registration?.ephemeral || !entry.connectionId) return change(entry, 'disconnected', true);
      if (await entries.release(entry.url, entry.connectionId)) await tell(entry.url, 'disconnected');
    },
  };
}
