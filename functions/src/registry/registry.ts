import {
  Code,
  type DomainAddresses,
  domainOf,
  expectBody,
  JoinBody,
  type Message,
  REGISTRATION_EXPIRES,
  Refusal,
  RegisterBody,
  RegistrationUpdateBody,
  response,
} from '@hyperroom/protocol';
import * as v from 'valibot';
import type { Ownership } from '../messaging-node/ownership.ts';
import type { Component, Turn } from '../messaging-node/turn.ts';
import type { Addresses } from '../store/addresses.ts';

export interface RegistryDependencies {
  readonly addresses: DomainAddresses;
  readonly domain: string;
  readonly entries: Addresses;
  readonly owners: Ownership;
  readonly newId: () => string;
  readonly clock: () => number;
}

/** The domain registry: which hyperties there are, and on which connection. */
export function registry(deps: RegistryDependencies): Component {
  const { entries, owners } = deps;

  async function register(message: Message, turn: Turn): Promise<Message> {
    const { value } = expectBody(RegisterBody, message);
    const url = value.url ?? deps.addresses.hyperty(deps.newId());
    if (domainOf(url) !== deps.domain) throw new Refusal(Code.badRequest, `this is the registry of ${deps.domain}`);
    if (url === deps.addresses.conference) throw new Refusal(Code.forbidden, 'that is the conference itself');
    const { session } = turn;
    const claimed = await entries.claim({
      url,
      connectionId: session.connectionId,
      user: session.user,
      expires: deps.clock() + value.expires * 1000,
      rooms: roomsJoinedIn(turn, url),
    });
    if (!claimed) throw new Refusal(Code.forbidden, `${url} is registered by another user`);
    owners.remember(session, url);
    turn.registered.add(url);
    return response(message, Code.ok, { value: { url, expires: value.expires } });
  }

  async function refresh(message: Message, turn: Turn): Promise<Message> {
    const { resource, value } = expectBody(RegistrationUpdateBody, message);
    const { session } = turn;
    const leaving = value === 'disconnected' || (typeof value === 'object' && value.status === 'disconnected');
    const expires = deps.clock() + REGISTRATION_EXPIRES * 1000;
    const found = leaving
      ? await entries.release(resource, session.connectionId)
      : await entries.keepAlive(resource, session.connectionId, expires);
    if (leaving) owners.forget(session, resource);
    if (!found) throw new Refusal(Code.notFound, `${resource} is not registered here`);
    return response(message, Code.ok);
  }

  return async (message, turn) => {
    switch (message.type) {
      case 'create':
        return register(message, turn);
      case 'update':
        return refresh(message, turn);
      case 'response':
        return undefined;
      default:
        throw new Refusal(Code.badRequest, `the registry does not know '${message.type}'`);
    }
  };
}

/**
 * The rooms that the rest of the frame joins as this hyperty. Noted with the registration, they spare the join a write
 * of its own; one that is refused later does no harm.
 */
function roomsJoinedIn(turn: Turn, url: string): string[] {
  const joins = turn.messages.filter((message) => message.type === 'create' && message.from === url);
  return joins.flatMap((message) => {
    const body = v.safeParse(v.pick(JoinBody, ['resource']), message.body);
    return body.success ? [body.output.resource] : [];
  });
}
