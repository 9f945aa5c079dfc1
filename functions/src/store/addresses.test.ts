import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { ADDRESS, addressStore } from './addresses.ts';
import type { StoredRegistration } from './entries.ts';
import { useTable } from './table.testing.ts';

const table = useTable();
const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60;

const registered = (changes: Partial<StoredRegistration> = {}): StoredRegistration => ({
  user: 'user://example.org/ada',
  status: 'live',
  expires: 60 * MINUTE,
  until: NOW + 3600_000,
  startingTime: '',
  lastModified: '',
  resources: [],
  dataSchemes: [],
  ...changes,
});

/** Registers an address, and keeps it alive once half an hour later. */
async function keptAlive(url: string, registration: StoredRegistration) {
  const addresses = addressStore(table(), () => NOW);
  const whose = { connectionId: 'c', user: registration.user, opened: NOW, expires: NOW + 3 * 3600_000 };
  await addresses.claim({ url, ...whose, registration });
  const first = await secondsLeft(url);
  const renewed = { ...registration, until: registration.until + 1800_000 };
  await addresses.setRegistration(url, renewed, { connectionId: 'c', ended: false });
  return [first, await secondsLeft(url)];
}

/** Until DynamoDB may delete it. */
async function secondsLeft(url: string): Promise<number> {
  const { Item } = await table().documents.send(
    new GetCommand({ TableName: table().name, Key: { pk: ADDRESS + url }, ConsistentRead: true }),
  );
  return Number(Item?.ttl) - NOW / 1000;
}

describe('an address whose socket has ended without a word', () => {
  it('goes a quarter of an hour after its last keep-alive has run out, if it is ephemeral', async () => {
    const left = await keptAlive('hyperty://example.org/page', registered({ ephemeral: true }));
    expect(left).toEqual([75 * MINUTE, 105 * MINUTE]);
  });

  it('stays readable for a day if it is not', async () => {
    const left = await keptAlive('hyperty://example.org/service', registered());
    expect(left).toEqual([27 * 60 * MINUTE, 25.5 * 60 * MINUTE]);
  });
});
