import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { DEFAULT_CAPACITY, idOf } from '@hyperroom/protocol';
import * as v from 'valibot';
import type { Member, RoomState } from '../conference/room-state.ts';
import {
  apply,
  type Join,
  type Leave,
  type MediaChange,
  type Outcome,
  type RoomEvent,
  type Vanish,
} from '../conference/rules.ts';
import { conditional, type Item, type Table } from './table.ts';

/*
 * A room is one item and every event one conditional write of it. Each member is a pair of top-level attributes,
 * `member.<id>` and `admitted.<id>`: a nested map could not be created and filled by the same UpdateItem.
 */

const MEMBER = 'member.';
const ADMITTED = 'admitted.';

export interface Rooms {
  /** Carries an event out against the stored room, as `rules.apply` would. */
  commit(url: string, event: RoomEvent): Promise<Outcome>;
  read(url: string): Promise<RoomState | undefined>;
  /** Lets a connection hear of a room's changes; false if there is no such room. */
  observe(url: string, connectionId: string): Promise<boolean>;
  unobserve(url: string, connectionId: string): Promise<boolean>;
}

/** A rival's write between ours and its retry is possible only so often; beyond it something else is wrong. */
const MAX_ATTEMPTS = 20;

export function roomStore(table: Table, clock: () => Date = () => new Date()): Rooms {
  async function read(url: string): Promise<RoomState | undefined> {
    const { Item } = await table.documents.send(
      new GetCommand({ TableName: table.name, Key: keyOf(url), ConsistentRead: true }),
    );
    return Item && fromItem(Item);
  }

  async function commit(url: string, event: RoomEvent): Promise<Outcome> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const now = clock().toISOString();
      const update = await conditional(
        table.documents.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keyOf(url),
            ...writeOf(url, event, now),
            ReturnValues: 'ALL_NEW',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        ),
      );
      if (update.written) return { kind: 'changed', room: fromItem(update.item), destroyed: false };
      // Not every DynamoDB look-alike returns the item that a condition failed on.
      const found = update.found ? fromItem(update.found) : await read(url);
      const outcome = apply(found, event, url, now);
      if (outcome.kind !== 'changed') return outcome;
      if (found && outcome.destroyed && (await destroy(found))) return outcome;
    }
    throw new Error(`room ${url}: gave up after ${MAX_ATTEMPTS} attempts at '${event.type}'`);
  }

  /** Deletes the room with its last member, unless somebody has touched it since. */
  async function destroy(room: RoomState): Promise<boolean> {
    const deletion = await conditional(
      table.documents.send(
        new DeleteCommand({
          TableName: table.name,
          Key: keyOf(room.url),
          ConditionExpression: '#incarnation = :incarnation AND #version = :version',
          ExpressionAttributeNames: { '#incarnation': 'incarnation', '#version': 'version' },
          ExpressionAttributeValues: { ':incarnation': room.incarnation, ':version': room.version },
        }),
      ),
    );
    return deletion.written;
  }

  async function changeObservers(url: string, verb: 'ADD' | 'DELETE', connectionId: string): Promise<boolean> {
    const update = await conditional(
      table.documents.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keyOf(url),
          UpdateExpression: `${verb} #observers :connection`,
          ConditionExpression: 'attribute_exists(#count)',
          ExpressionAttributeNames: { '#observers': 'observers', '#count': 'count' },
          ExpressionAttributeValues: { ':connection': new Set([connectionId]) },
        }),
      ),
    );
    return update.written;
  }

  return {
    commit,
    read,
    observe: (url, connectionId) => changeObservers(url, 'ADD', connectionId),
    unobserve: (url, connectionId) => changeObservers(url, 'DELETE', connectionId),
  };
}

function keyOf(url: string) {
  return { pk: `room#${idOf(url)}` };
}

interface Write {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, unknown>;
}

function writeOf(url: string, event: RoomEvent, now: string): Write {
  switch (event.type) {
    case 'join':
      return joinWrite(url, event, now);
    case 'leave':
      return leaveWrite(event, now);
    case 'vanish':
      return vanishWrite(event, now);
    case 'media':
      return mediaWrite(event, now);
  }
}

function joinWrite(url: string, event: Join, now: string): Write {
  const create = event.options !== undefined;
  return {
    UpdateExpression: `SET #member = :member, #admitted = if_not_exists(#version, :zero) + :one,
      #version = if_not_exists(#version, :zero) + :one, #count = if_not_exists(#count, :zero) + :one,
      #lastModified = :now, #created = if_not_exists(#created, :now), #url = :url,
      #incarnation = if_not_exists(#incarnation, :incarnation), #node = if_not_exists(#node, :node),
      #capacity = if_not_exists(#capacity, :capacity)`,
    ConditionExpression: `attribute_not_exists(#member) AND (${create ? 'attribute_not_exists(#count) OR ' : ''}#count < #capacity)`,
    ExpressionAttributeNames: {
      ...commonNames(event.id),
      '#admitted': ADMITTED + event.id,
      '#count': 'count',
      '#created': 'created',
      '#url': 'url',
      '#incarnation': 'incarnation',
      '#node': 'node',
      '#capacity': 'capacity',
    },
    ExpressionAttributeValues: {
      ':member': event.member,
      ':zero': 0,
      ':one': 1,
      ':now': now,
      ':url': url,
      ':incarnation': event.incarnation,
      ':node': event.node,
      ':capacity': event.options?.capacity ?? DEFAULT_CAPACITY,
    },
  };
}

/** Everybody's leave but the last one's, which deletes the item: a room without members is never stored. */
function leaveWrite(event: Leave, now: string): Write {
  const guards: Guard[] = [];
  if (event.stay) guards.push(stayGuard(event));
  if (event.connectionId !== undefined) guards.push(connectionGuard(event.connectionId));
  if (event.onlyIfDisconnected) guards.push(statusGuard('disconnected'));
  return guarded(
    {
      UpdateExpression:
        'SET #version = #version + :one, #count = #count - :one, #lastModified = :now REMOVE #member, #admitted',
      ConditionExpression: 'attribute_exists(#member) AND #count > :one',
      ExpressionAttributeNames: { ...commonNames(event.id), '#admitted': ADMITTED + event.id, '#count': 'count' },
      ExpressionAttributeValues: { ':one': 1, ':now': now },
    },
    guards,
  );
}

function vanishWrite(event: Vanish, now: string): Write {
  return guarded(
    {
      UpdateExpression: 'SET #member.#status = :disconnected, #version = #version + :one, #lastModified = :now',
      ConditionExpression: 'attribute_exists(#member)',
      ExpressionAttributeNames: { ...commonNames(event.id), '#status': 'status' },
      ExpressionAttributeValues: { ':disconnected': 'disconnected', ':one': 1, ':now': now },
    },
    [connectionGuard(event.connectionId), statusGuard('live')],
  );
}

function mediaWrite(event: MediaChange, now: string): Write {
  return guarded(
    {
      UpdateExpression: 'SET #member.#media = :media, #version = #version + :one, #lastModified = :now',
      ConditionExpression: 'attribute_exists(#member) AND #member.#media <> :media',
      ExpressionAttributeNames: { ...commonNames(event.id), '#media': 'media' },
      ExpressionAttributeValues: { ':media': event.media, ':one': 1, ':now': now },
    },
    [stayGuard(event)],
  );
}

interface Guard {
  readonly condition: string;
  readonly names: Record<string, string>;
  readonly values: Record<string, unknown>;
}

function stayGuard(event: Pick<Leave, 'id' | 'stay'>): Guard {
  return {
    condition: '#admitted = :admitted AND #incarnation = :incarnation AND #node = :node',
    names: { '#admitted': ADMITTED + event.id, '#incarnation': 'incarnation', '#node': 'node' },
    values: {
      ':admitted': event.stay?.admitted,
      ':incarnation': event.stay?.incarnation,
      ':node': event.stay?.node,
    },
  };
}

function connectionGuard(connectionId: string): Guard {
  return {
    condition: '#member.#connectionId = :connectionId',
    names: { '#connectionId': 'connectionId' },
    values: { ':connectionId': connectionId },
  };
}

function statusGuard(status: Member['status']): Guard {
  return { condition: '#member.#status = :status', names: { '#status': 'status' }, values: { ':status': status } };
}

function guarded(write: Write, guards: readonly Guard[]): Write {
  return {
    UpdateExpression: write.UpdateExpression,
    ConditionExpression: [write.ConditionExpression, ...guards.map((guard) => guard.condition)].join(' AND '),
    ExpressionAttributeNames: Object.assign({}, write.ExpressionAttributeNames, ...guards.map((guard) => guard.names)),
    ExpressionAttributeValues: Object.assign(
      {},
      write.ExpressionAttributeValues,
      ...guards.map((guard) => guard.values),
    ),
  };
}

function commonNames(id: string) {
  return { '#member': MEMBER + id, '#version': 'version', '#lastModified': 'lastModified' };
}

const StoredMember = v.object({
  hypertyURL: v.string(),
  user: v.string(),
  name: v.string(),
  resources: v.array(v.picklist(['audio', 'video'])),
  connectionId: v.string(),
  status: v.picklist(['live', 'disconnected']),
  media: v.picklist(['none', 'connecting', 'connected', 'failed']),
  joined: v.string(),
  joinedBy: v.union([v.string(), v.number()]),
});

const StoredRoom = v.looseObject({
  url: v.string(),
  incarnation: v.string(),
  version: v.number(),
  created: v.string(),
  lastModified: v.string(),
  capacity: v.number(),
  node: v.string(),
  observers: v.optional(v.set(v.string()), new Set<string>()),
});

function fromItem(item: Item): RoomState {
  const stored = v.parse(StoredRoom, item);
  const { url, incarnation, version, created, lastModified, capacity, node } = stored;
  const members = Object.entries(item)
    .filter(([name]) => name.startsWith(MEMBER))
    .map(([name, value]) => {
      const id = name.slice(MEMBER.length);
      return [id, { ...v.parse(StoredMember, value), admitted: v.parse(v.number(), item[ADMITTED + id]) }] as const;
    });
  return {
    url,
    incarnation,
    version,
    created,
    lastModified,
    capacity,
    node,
    members: Object.fromEntries(members),
    observers: [...stored.observers],
  };
}
