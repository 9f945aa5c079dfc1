import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_ROOM_OPTIONS } from '@hyperroom/protocol';
import { optionsWith, type RoomState } from '../conference/room-state.ts';
import type { Join, Leave, MediaChange, Resume, RoomEvent, Stay, Vanish } from '../conference/rules/events.ts';
import { unique, withPublished } from '../conference/rules/members.ts';
import { anonymousPrefix, isAnonymous } from '../messaging-node/session.ts';
import { ADMITTED, isGuarded, itemOf, LISTING, MEMBER, storedMember, storedOptions, WAITING } from './room-items.ts';
import { type Item, namesOf } from './table.ts';

/** An UpdateItem's expressions. */
export interface Write {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, unknown>;
}

/**
 * The events of a plain call, each as one write that needs no read before. Where its condition fails, the rules decide
 * on the room as it was found. Undefined: an event for the rules in any case.
 */
export function plainWrite(url: string, event: RoomEvent, now: string): Write | undefined {
  switch (event.type) {
    case 'join':
      return joinWrite(url, event, now);
    case 'leave':
      return leaveWrite(event, now);
    case 'vanish':
      return vanishWrite(event, now);
    case 'resume':
      return resumeWrite(event, now);
    case 'media':
      return mediaWrite(event, now);
    default:
      return undefined;
  }
}

/** From one state to the next, if the stored room is still the one. */
export function changeWrite(before: RoomState | undefined, after: RoomState): Write {
  const was = before ? itemOf(before) : {};
  const { pk: _, ...is } = itemOf(after);
  const set = Object.entries(is).filter(([name, value]) => !isDeepStrictEqual(was[name], value));
  const remove = Object.keys(was).filter((name) => name !== 'pk' && !(name in is));
  const names = [...new Set([...set.map(([name]) => name), ...remove, 'version', 'incarnation'])];
  const alias = (name: string) => `#a${names.indexOf(name)}`;
  const removal = remove.length > 0 ? ` REMOVE ${remove.map(alias).join(', ')}` : '';
  const seen = { ':seenVersion': before?.version, ':seenIncarnation': before?.incarnation };
  const unchanged = `${alias('version')} = :seenVersion AND ${alias('incarnation')} = :seenIncarnation`;
  return {
    UpdateExpression: `${set.length > 0 ? `SET ${set.map(([name]) => `${alias(name)} = :${alias(name).slice(1)}`).join(', ')}` : ''}${removal}`,
    ConditionExpression: before ? unchanged : `attribute_not_exists(${alias('incarnation')})`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [alias(name), name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(set.map(([name, value]) => [`:${alias(name).slice(1)}`, value])),
      ...(before && seen),
    },
  };
}

function joinWrite(url: string, event: Join, now: string): Write | undefined {
  const { metadata = {}, ...chosen } = event.options ?? {};
  const options = optionsWith(DEFAULT_ROOM_OPTIONS, chosen);
  if (isGuarded({ options, banned: [], emptyUntil: undefined })) return undefined;
  if (event.codecs && !event.codecs.includes(DEFAULT_ROOM_OPTIONS.codec)) return undefined;
  const vouched = !isAnonymous(event.member.user);
  const creates = event.options !== undefined && event.node !== '';
  const places = creates
    ? '(attribute_not_exists(#count) OR #count < #options.#capacity)'
    : '#count < #options.#capacity';
  return {
    UpdateExpression: `SET #member = :member, #admitted = if_not_exists(#version, :zero) + :one,
      #version = if_not_exists(#version, :zero) + :one, #count = if_not_exists(#count, :zero) + :one,
      #lastModified = :now, #created = if_not_exists(#created, :now), #url = :url, #listed = :listed,
      #incarnation = if_not_exists(#incarnation, :incarnation), #node = if_not_exists(#node, :node),
      #epoch = if_not_exists(#epoch, :one),
      #options = if_not_exists(#options, :options), #moderators = ${moderatorsOf(event)}
      REMOVE #waiting ${vouched ? 'ADD #users :users' : ''}`,
    ConditionExpression: `attribute_not_exists(#member) AND attribute_not_exists(#guarded) AND ${places}${
      vouched ? ' AND NOT contains(#users, :user)' : ''
    }`,
    ExpressionAttributeNames: {
      ...commonNames(event.id),
      ...namesOf(
        'count',
        'created',
        'url',
        'listed',
        'incarnation',
        'epoch',
        'node',
        'options',
        'capacity',
        'moderators',
      ),
      ...namesOf('guarded', ...(vouched ? ['users'] : [])),
      '#admitted': ADMITTED + event.id,
      '#waiting': WAITING + event.id,
    },
    ExpressionAttributeValues: {
      ':member': memberOf(event),
      ':zero': 0,
      ':one': 1,
      ':now': now,
      ':url': url,
      ':listed': LISTING.key,
      ':incarnation': event.incarnation,
      ':node': event.node,
      ':options': storedOptions({ options, metadata }),
      ':me': [event.id],
      ...(event.moderates && { ':none': [] }),
      ...(vouched && { ':users': new Set([event.member.user]), ':user': event.member.user }),
    },
  };
}

/** What is there already is what the room keeps: whoever makes it moderates it. */
function moderatorsOf({ moderates }: Join): string {
  return moderates ? 'list_append(if_not_exists(#moderators, :none), :me)' : 'if_not_exists(#moderators, :me)';
}

/** Of the version it is admitted in, and its role, the item tells elsewhere. */
function memberOf({ member, publishing }: Join): Item {
  return storedMember({
    ...member,
    role: 'participant',
    status: 'live',
    resumed: false,
    muted: unique(member.muted),
    blocked: [],
    publications: withPublished({}, publishing, 0),
    admitted: 0,
    rejoined: 1,
  });
}

/** Of somebody whose place nobody has to take: neither the last to go, nor a moderator, nor one of the speakers. */
function leaveWrite(event: Leave, now: string): Write {
  const guards: Guard[] = [];
  if (event.stay) guards.push(stayGuard(event.id, event.stay));
  if (event.connectionId !== undefined) guards.push(connectionGuard(event.connectionId));
  if (event.onlyIfDisconnected) guards.push({ ...statusGuard, condition: '#member.#status = :disconnected' });
  guards.push(userGuard(event.user));
  const forgetsUser = event.user !== undefined && !isAnonymous(event.user);
  return guarded(
    {
      UpdateExpression: `SET #version = #version + :one, #count = #count - :one, #lastModified = :now
        REMOVE #member, #admitted ${forgetsUser ? 'DELETE #users :users' : ''}`,
      ConditionExpression:
        'attribute_exists(#member) AND #count > :one AND NOT contains(#moderators, :id) AND NOT contains(#speakers, :id)',
      ExpressionAttributeNames: {
        ...commonNames(event.id),
        ...namesOf('count', 'moderators', 'speakers', ...(forgetsUser ? ['users'] : [])),
        '#admitted': ADMITTED + event.id,
      },
      ExpressionAttributeValues: {
        ':one': 1,
        ':now': now,
        ':id': event.id,
        ...(forgetsUser && { ':users': new Set([event.user]) }),
      },
    },
    guards,
  );
}

function vanishWrite(event: Vanish, now: string): Write {
  return guarded(
    {
      UpdateExpression: 'SET #member.#status = :disconnected, #version = #version + :one, #lastModified = :now',
      ConditionExpression: 'attribute_exists(#member) AND attribute_not_exists(#member.#status)',
      ExpressionAttributeNames: commonNames(event.id),
      ExpressionAttributeValues: { ':one': 1, ':now': now },
    },
    [connectionGuard(event.connectionId), statusGuard],
  );
}

function resumeWrite({ id, connectionId, user, opened }: Resume, now: string): Write {
  const anonymous = anonymousPrefix(user);
  return {
    UpdateExpression: `SET #member.#connectionId = :connectionId, #member.#opened = :opened, #member.#resumed = :true,
      #version = #version + :one, #lastModified = :now REMOVE #member.#status`,
    ConditionExpression: `(#member.#connectionId <> :connectionId OR attribute_exists(#member.#status))
      AND #member.#opened <= :opened
      AND attribute_exists(#member) AND ${anonymous ? 'begins_with(#member.#user, :user)' : '#member.#user = :user'}`,
    ExpressionAttributeNames: { ...commonNames(id), ...namesOf('connectionId', 'opened', 'resumed', 'status', 'user') },
    ExpressionAttributeValues: {
      ':connectionId': connectionId,
      ':opened': opened,
      ':true': true,
      ':user': anonymous ?? user,
      ':one': 1,
      ':now': now,
    },
  };
}

function mediaWrite(event: MediaChange, now: string): Write {
  const publication = '#member.#publications.#publication';
  return guarded(
    {
      UpdateExpression: `SET ${publication}.#media = :media, #version = #version + :one, #lastModified = :now`,
      ConditionExpression: `${publication}.#connection = :connection AND ${publication}.#media <> :media`,
      ExpressionAttributeNames: {
        ...commonNames(event.id),
        ...namesOf('publications', 'media', 'connection'),
        '#publication': event.publication,
      },
      ExpressionAttributeValues: { ':media': event.media, ':connection': event.connection, ':one': 1, ':now': now },
    },
    [stayGuard(event.id, event.stay)],
  );
}

interface Guard {
  readonly condition?: string;
  readonly names: Record<string, string>;
  readonly values: Record<string, unknown>;
}

function stayGuard(id: string, { admitted, incarnation, epoch, node }: Stay): Guard {
  return {
    condition: '#admitted = :admitted AND #incarnation = :incarnation AND #epoch = :epoch AND #node = :node',
    names: { '#admitted': ADMITTED + id, ...namesOf('incarnation', 'epoch', 'node') },
    values: { ':admitted': admitted, ':incarnation': incarnation, ':epoch': epoch, ':node': node },
  };
}

function connectionGuard(connectionId: string): Guard {
  return {
    condition: '#member.#connectionId = :connectionId',
    names: namesOf('connectionId'),
    values: { ':connectionId': connectionId },
  };
}

/** A live participant's status is not stored. */
const statusGuard: Guard = { names: namesOf('status'), values: { ':disconnected': 'disconnected' } };

/** Who leaves must be known, to be taken off the list of users, unless there is no such list. */
function userGuard(user: string | undefined): Guard {
  if (user === undefined) return { condition: 'attribute_not_exists(#users)', names: namesOf('users'), values: {} };
  return { condition: '#member.#user = :user', names: namesOf('user'), values: { ':user': user } };
}

function guarded(write: Write, guards: readonly Guard[]): Write {
  const conditions = guards.flatMap(({ condition }) => condition ?? []);
  return {
    UpdateExpression: write.UpdateExpression,
    ConditionExpression: [write.ConditionExpression, ...conditions].join(' AND '),
    ExpressionAttributeNames: Object.assign({}, write.ExpressionAttributeNames, ...guards.map((guard) => guard.names)),
    ExpressionAttributeValues: Object.assign(
      {},
      write.ExpressionAttributeValues,
      ...guards.map((guard) => guard.values),
    ),
  };
}

function commonNames(id: string) {
  return { '#member': MEMBER + id, ...namesOf('version', 'lastModified') };
}
