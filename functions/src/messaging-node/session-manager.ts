import { Code, type Message, Refusal, refusal, response, SESSION_LIFETIME } from '@hyperroom/protocol';
import type { Gateway } from '../gateway.ts';
import type { SessionRecord, Sessions } from '../store/sessions.ts';
import type { Binder } from './binding.ts';
import type { Departures } from './departure.ts';
import { isAnonymous, requireUnexpired, type Session } from './session.ts';
import type { Component } from './turn.ts';

export interface SessionManagerDependencies {
  readonly sessions: Sessions;
  readonly binder: Binder;
  readonly departures: Departures;
  readonly gateway: Gateway;
  readonly newId: () => string;
  readonly clock: () => number;
}

/** `mn:/session`: a runtime's session outlives its socket, and its token alone brings it back. */
export function sessionManager(deps: SessionManagerDependencies): Component {
  const { sessions, binder, departures, gateway } = deps;
  const expires = () => deps.clock() + SESSION_LIFETIME;

  /** Each `open` is a new session: nobody gets another's by naming its runtime. */
  async function open(message: Message, session: Session): Promise<Message> {
    const { connectionId, user } = session;
    const runtime = message.from;
    const token = deps.newId();
    await Promise.all([
      sessions.put({ id: token, connectionId, user, runtime, topics: [], lent: [], expires: expires() }),
      reach(session, runtime, runtime),
      reach(session, `${runtime}/sm`, runtime),
    ]);
    return response(message, Code.ok, { runtimeToken: token });
  }

  /** A runtime that another session speaks for already is not reached here, but may go on. */
  async function reach(session: Session, url: string, runtime: string): Promise<void> {
    await binder.bind(session, { url }, runtime).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
    });
  }

  async function reopen(message: Message, session: Session): Promise<Message> {
    requireUnexpired(session, deps.clock());
    const record = await find(message.from);
    if (!record || !mayResume(record, session) || !(await bring(record, session))) {
      return refusal(message, Code.internal, 'Reconnection fail. Incorrect runtime token!');
    }
    return response(message, Code.ok);
  }

  /** Has a session go on here, with all that it had. */
  async function bring(record: SessionRecord, session: Session): Promise<boolean> {
    const { connectionId, user } = session;
    if (record.connectionId === connectionId) return true;
    if (!(await departures.move(record, { connectionId, user, expires: expires() }))) return false;
    await Promise.all(record.lent.map((url) => binder.takeBack(session, url)));
    return true;
  }

  /** The session that `runtime://domain/id/<token>` names. */
  async function find(from: string): Promise<SessionRecord | undefined> {
    const cut = from.lastIndexOf('/');
    const record = await sessions.get(from.slice(cut + 1));
    return record?.runtime !== undefined && record.runtime === from.slice(0, cut) ? record : undefined;
  }

  async function close(message: Message, session: Session): Promise<undefined> {
    const record = await find(message.from);
    if (record?.connectionId !== session.connectionId) throw new Refusal(Code.forbidden, 'not your session');
    await departures.end(session);
    await gateway.close(session.connectionId);
  }

  return async (message, { session }) => {
    switch (message.type) {
      case 'open':
        return open(message, session);
      case 're-open':
        return reopen(message, session);
      case 'close':
        return close(message, session);
      case 'response':
        return undefined;
      default:
        throw new Refusal(Code.badRequest, `a session does not know '${message.type}'`);
    }
  };
}

/** The token proves it; who has said who he is must be the same besides. */
function mayResume(record: SessionRecord, session: Session): boolean {
  return session.anonymous ? isAnonymous(record.user) : record.user === session.user;
}
