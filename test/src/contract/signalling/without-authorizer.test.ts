import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NODE_KEY } from '@hyperroom/protocol';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { aJoin, joinRoom } from './joins.ts';
import { at, MediaNode, Peer, type Signalling, startSignalling, type TokenInput, WAIT } from './signalling.ts';

/* An emulator of AWS that passes the authorizer over, as MiniStack does, and the stack that is meant for it. */

let signalling: Signalling;
let node: MediaNode;
beforeAll(async () => {
  signalling = await startSignalling(23, {
    // As npm run deploy:local has it: it is synthesised once for both.
    settings: { emulated: true },
    environment: { ALLOW_ANONYMOUS: 'false' },
    skipsAuthorizer: true,
  });
  node = await signalling.mediaNode();
});
afterAll(() => signalling.close());

const inTeams: TokenInput = {
  sub: 'user://localhost/ada',
  name: 'Ada',
  grants: { room: 'team-*', create: true, data: false },
};

const itemsNow = async () => (await signalling.emulator.metrics()).items;

async function comesIn(token?: string): Promise<Peer> {
  const peer = new Peer(new WebSocket(signalling.emulator.signallingUrl + (token ? `?token=${token}` : '')));
  await peer.opened();
  return peer;
}

/** With the key of media nodes, which every media host knows. */
function signedByHost(claims: Record<string, unknown>): Promise<string> {
  return new SignJWT({ sub: 'user://localhost/media-2', ...claims })
    .setProtectedHeader({ alg: 'HS256', kid: NODE_KEY })
    .setExpirationTime('1 minute')
    .sign(new TextEncoder().encode(signalling.emulator.secrets.nodeSecret));
}

describe('where no authorizer is asked', () => {
  it('a media node is one, and a participant joins it with what the token says', async () => {
    const ada = await signalling.client(inTeams);
    expect((await joinRoom(ada, node, 'ada', 'team-1')).body?.code).toBe(200);
    const { ada: joined } = (await node.join('ada')).room.data.participants;
    expect(joined?.identity).toEqual({ name: 'Ada', user: 'user://localhost/ada' });
    const { invocations } = (await signalling.emulator.metrics()).total;
    expect(invocations.authorizer).toBeUndefined();
  });

  it('grants end where they end', async () => {
    const ada = await signalling.client(inTeams);
    await ada.register(at.hyperty('ada-2'));
    expect((await ada.ask(aJoin('ada-2', 'salon'))).body?.code).toBe(403);
    expect((await ada.ask({ ...announcement('ada-2'), from: at.hyperty('ada-2') })).body?.code).toBe(403);
  });

  it.each([
    ['no token', async () => undefined],
    ['what is no token', async () => 'nonsense'],
    ['a token that a media host has made for a participant', () => signedByHost({ role: 'participant' })],
  ])('nobody comes in with %s', async (_, token) => {
    const before = await itemsNow();
    await expect(comesIn(await token())).rejects.toThrow('403');
    expect(await itemsNow()).toBe(before);
  });

  it('a media host comes in with a token of its own', async () => {
    const peer = await comesIn(await signedByHost({ role: 'media-node' }));
    const other = new MediaNode(peer, at.hyperty('media-2'), signalling.emulator);
    await other.announce({ instance: 'media-2', capacity: 1, load: 1 });
    peer.socket.terminate();
  });

  it('nothing is left of a connection that has ended', async () => {
    const before = await itemsNow();
    const ada = await signalling.client(inTeams);
    expect(await itemsNow()).toBe(before + 1);
    await ada.register(at.hyperty('ada-3'));
    ada.socket.terminate();
    await vi.waitFor(async () => expect(await itemsNow()).toBe(before), WAIT);
  });

  it('a connection of which nothing is known any more may do nothing', async () => {
    const ada = await signalling.client(inTeams);
    const id = signalling.emulator.faults.connections().at(-1);
    const { dynamoDbUrl: endpoint, region, credentials, outputs } = signalling.emulator;
    await new DynamoDBClient({ endpoint, region, credentials }).send(
      new DeleteItemCommand({ TableName: outputs.TableName, Key: { pk: { S: `connection#${id}` } } }),
    );
    await ada.register(at.hyperty('ada-4'));
    expect((await ada.ask(aJoin('ada-4', 'team-1'))).body?.code).toBe(403);
  });
});

/** What only a media node may say. */
function announcement(id: string) {
  return { type: 'create', to: at.media, body: { value: { instance: id, capacity: 9, load: 0 } } } as const;
}
