import { BatchGetCommand, DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { domainOf, schemeOf } from '@hyperroom/protocol';
import { anonymousIn } from '../messaging-node/session.ts';
import { type AddressEntry, entryFrom, type StoredRegistration } from './entries.ts';
import { conditional, type Item, namesOf, query, queryByConnection, type Table } from './table.ts';

/** Whom an address is to belong to. */
export interface Claim {
  readonly url: string;
  readonly connectionId: string;
  readonly user: string;
  readonly expires: number;
  readonly allocationKey?: string | undefined;
  readonly rooms?: readonly string[];
  readonly registration?: StoredRegistration | undefined;
  /** The secret that lets its owner have it on a later connection. */
  readonly resumption?: string | undefined;
  /** When the connection was opened, in milliseconds since the epoch. */
  readonly opened: number;
}

/** Whether an address was taken, and from whom it was not. */
export type Claimed =
  | { readonly taken: true; readonly before: AddressEntry | undefined }
  | { readonly taken: false; readonly holder: AddressEntry | undefined };

/** By what the registry finds entries. */
export const REGISTRY_INDEXES = {
  user: { index: 'byUser', attribute: 'registeredUser' },
  guid: { index: 'byGuid', attribute: 'registeredGuid' },
  name: { index: 'byName', attribute: 'registeredName' },
  reporter: { index: 'byReporter', attribute: 'registeredReporter' },
} as const;
export type RegistryIndex = keyof typeof REGISTRY_INDEXES;
const INDEX_KEYS = Object.values(REGISTRY_INDEXES).map(({ attribute }) => attribute);

export interface Addresses {
  /**
   * Takes an address that is free, expired or this connection's already, or that is still as `instead` was seen; or whose
   * secret the claim knows. What else is known of it stays, its registration too; and a registration is never replaced by
   * another user's, but by one without a token who knows the secret of another without.
   */
  claim(claim: Claim, instead?: AddressEntry): Promise<Claimed>;
  /** Moves an address of one connection to another. */
  move(url: string, from: string, to: Pick<Claim, 'connectionId' | 'user' | 'expires'>): Promise<boolean>;
  /** Changes a registration if its address is still whose it was seen to be; `ended`: its owner loses that too. */
  setRegistration(
    url: string,
    registration: StoredRegistration,
    seen: { readonly connectionId: string | undefined; readonly ended: boolean },
  ): Promise<boolean>;
  release(url: string, connectionId: string): Promise<boolean>;
  /** Notes a room that an address of this connection is about to join; false if the connection does not hold it. */
  noteRoom(url: string, connectionId: string, room: string): Promise<boolean>;
  lookUp(urls: readonly string[]): Promise<Map<string, AddressEntry>>;
  ofConnection(connectionId: string): Promise<AddressEntry[]>;
  /** The addresses of all entries registered under a key. */
  registeredUnder(index: RegistryIndex, key: string): Promise<string[]>;
}

export const ADDRESS = 'address#';
const keyOf = (url: string) => ({ pk: ADDRESS + url });

/** Seconds for which an ended registration stays readable. DynamoDB's TTL deletes late, and only to tidy up: reads compare the times themselves. */
const REMEMBERED = 24 * 3600;
/** For an ephemeral one that is a way to be rid of it though nobody has told of its socket's end; its owner may yet be on his way back. */
const AWAITED = 900;

function ttlOf(expires: number, registration: StoredRegistration | undefined): number {
  if (registration?.ephemeral !== true) return Math.ceil(expires / 1000) + REMEMBERED;
  return Math.ceil(registration.until / 1000) + AWAITED;
}

/** DynamoDB takes this many keys in one batch. */
const BATCH = 100;

export function addressStore(table: Table, clock: () => number = Date.now): Addresses {
  const TableName = table.name;

  async function claim(entry: Claim, instead?: AddressEntry): Promise<Claimed> {
    const written = await conditional(
      table.documents.send(
        new UpdateCommand({
          TableName,
          Key: keyOf(entry.url),
          ...claimWrite(entry, instead, clock()),
          ReturnValues: 'ALL_OLD',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    );
    if (written.written) return { taken: true, before: existing(written.item) };
    // Not every DynamoDB look-alike returns the item that a condition failed on.
    const holder = written.found ? entryFrom(written.found) : (await lookUp([entry.url])).get(entry.url);
    return { taken: false, holder };
  }

  async function update(url: string, connectionId: string, expression: string, names: string[], values: Item) {
    const written = await conditional(
      table.documents.send(
        new UpdateCommand({
          TableName,
          Key: keyOf(url),
          UpdateExpression: expression,
          ConditionExpression: '#connectionId = :held',
          ExpressionAttributeNames: namesOf(...names, 'connectionId'),
          ExpressionAttributeValues: { ...values, ':held': connectionId },
        }),
      ),
    );
    return written.written;
  }

  async function lookUp(urls: readonly string[]): Promise<Map<string, AddressEntry>> {
    const found: AddressEntry[] = [];
    let keys = [...new Set(urls)].map(keyOf);
    while (keys.length > 0) {
      const request = { [TableName]: { Keys: keys.slice(0, BATCH), ConsistentRead: true } };
      const { Responses, UnprocessedKeys } = await table.documents.send(new BatchGetCommand({ RequestItems: request }));
      found.push(...(Responses?.[TableName] ?? []).map(entryFrom));
      const unprocessed = (UnprocessedKeys?.[TableName]?.Keys ?? []) as typeof keys;
      keys = [...unprocessed, ...keys.slice(BATCH)];
    }
    return new Map(found.map((entry) => [entry.url, entry]));
  }

  return {
    claim,

    move: (url, from, { connectionId, user, expires }) =>
      update(url, from, 'SET #connectionId = :connectionId, #user = :user, #expires = :expires', ['user', 'expires'], {
        ':connectionId': connectionId,
        ':user': user,
        ':expires': expires,
      }),

    async setRegistration(url, registration, { connectionId, ended }) {
      const unchanged = connectionId ? '#connectionId = :connectionId' : 'attribute_not_exists(#connectionId)';
      const written = await conditional(
        table.documents.send(
          new UpdateCommand({
            TableName,
            Key: keyOf(url),
            UpdateExpression: `SET #registration = :registration, #ttl = :ttl${ended ? ' REMOVE #connectionId, #resumption' : ''}`,
            ConditionExpression: `attribute_exists(#registration) AND ${unchanged}`,
            ExpressionAttributeNames: namesOf('registration', 'ttl', 'connectionId', ...(ended ? ['resumption'] : [])),
            ExpressionAttributeValues: {
              ':registration': registration,
              ':ttl': ttlOf(registration.until, registration),
              ...(connectionId && { ':connectionId': connectionId }),
            },
          }),
        ),
      );
      return written.written;
    },

    async release(url, connectionId) {
      const deletion = await conditional(
        table.documents.send(
          new DeleteCommand({
            TableName,
            Key: keyOf(url),
            ConditionExpression: '#connectionId = :connectionId',
            ExpressionAttributeNames: { '#connectionId': 'connectionId' },
            ExpressionAttributeValues: { ':connectionId': connectionId },
          }),
        ),
      );
      return deletion.written;
    },

    noteRoom: (url, connectionId, room) =>
      update(url, connectionId, 'ADD #rooms :room', ['rooms'], { ':room': new Set([room]) }),

    lookUp,

    async ofConnection(connectionId) {
      const items = await queryByConnection(table, connectionId, ADDRESS);
      return items.map(entryFrom);
    },

    async registeredUnder(index, key) {
      const { index: name, attribute } = REGISTRY_INDEXES[index];
      const items = await query(table, name, attribute, key);
      return items.map(({ pk }) => String(pk).slice(ADDRESS.length));
    },
  };
}

function existing(item: Item): AddressEntry | undefined {
  return Object.keys(item).length > 0 ? entryFrom(item) : undefined;
}

function asSeen(entry: AddressEntry | undefined): string {
  if (!entry) return '';
  return entry.connectionId
    ? ' OR #connectionId = :seen'
    : ' OR (attribute_not_exists(#connectionId) AND #user = :seen)';
}

/**
 * The secret is right, and the user is the same or nobody vouched for him. A frame of an earlier connection that comes late takes
 * nothing from a later one.
 */
const RESUMES =
  '#resumption = :resumption AND #opened <= :opened AND (#user = :user OR begins_with(#user, :anonymous))';

function claimWrite(claim: Claim, instead: AddressEntry | undefined, now: number) {
  const { registration, rooms = [], allocationKey, resumption, ...whose } = claim;
  const expires = Math.max(claim.expires, registration?.until ?? 0);
  const told = { allocationKey, resumption, registration, ...(registration && indexKeys(claim.url, registration)) };
  const set = Object.entries({ ...whose, expires, ttl: ttlOf(expires, registration), ...told }).filter(
    ([, value]) => value !== undefined,
  );
  // What an earlier registration was found by, and this one no longer is.
  const remove = registration ? INDEX_KEYS.filter((name) => set.every(([given]) => given !== name)) : [];
  const free = `attribute_not_exists(#user) OR #connectionId = :connectionId OR #expires < :now${asSeen(instead)}`;
  const sameUser = 'attribute_not_exists(#registration) OR #registration.#user = :registeredUser';
  const ordinary = registration ? `(${free}) AND (${sameUser})` : free;
  return {
    UpdateExpression: [
      `SET ${set.map(([name]) => `#${name} = :${name}`)}`,
      ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`)}`] : []),
      ...(rooms.length > 0 ? ['ADD #rooms :rooms'] : []),
    ].join(' '),
    ConditionExpression: resumption === undefined ? ordinary : `(${ordinary}) OR (${RESUMES})`,
    ExpressionAttributeNames: namesOf(...set.map(([name]) => name), ...remove, ...(rooms.length > 0 ? ['rooms'] : [])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
      ':now': now,
      ...(rooms.length > 0 && { ':rooms': new Set(rooms) }),
      ...(instead && { ':seen': instead.connectionId ?? instead.user }),
      ...(resumption !== undefined && { ':anonymous': anonymousIn(domainOf(claim.url)) }),
    },
  };
}

function indexKeys(url: string, { user, guid, name, reporter }: StoredRegistration): Item {
  return {
    registeredUser: user,
    registeredGuid: guid,
    registeredName: name && `${schemeOf(url)}/${String(name)}`,
    registeredReporter: reporter && `${schemeOf(url)}/${String(reporter)}`,
  };
}
