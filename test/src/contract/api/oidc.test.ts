import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aJoin, joinRoom } from '../signalling/joins.ts';
import { at, type MediaNode } from '../signalling/signalling.ts';
import { operating } from './documented.ts';
import { aToken, type Scene, startScene } from './scene.ts';

/* Users of an OpenID provider on the running stack. What makes a token good is tested beside the verifier. */

const AUDIENCE = 'hyperroom-app';

let server: Server;
let issuer: string;
let key: CryptoKey;
let scene: Scene;
let node: MediaNode;

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  key = privateKey;
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'one' }];
  server = createServer(({ url }, response) => {
    response.end(JSON.stringify(url === '/keys' ? { keys } : { issuer, jwks_uri: `${issuer}/keys` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  scene = await startScene({ oidc: { issuer, audience: AUDIENCE } });
  node = await scene.mediaNode();
});

afterAll(async () => {
  await scene.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function aProvidersToken(claims: object = {}): Promise<string> {
  return new SignJWT({ iss: issuer, aud: AUDIENCE, sub: 'auth0|ada', name: 'Ada', ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setExpirationTime('1h')
    .sign(key);
}

describe('a user of the OpenID provider', () => {
  it('joins as himself', async () => {
    const ada = await scene.client(await aProvidersToken());
    const answer = await joinRoom(ada, node, 'ada', 'oidc', { identity: { name: 'Somebody Else' } });
    expect(answer.body?.value).toMatchObject({
      data: { participants: { ada: { identity: { name: 'Ada', user: 'user://localhost/auth0%7Cada' } } } },
    });
  });

  it('may do what the provider says', async () => {
    const ada = await scene.client(await aProvidersToken({ hyperroom: { grants: { room: 'hers' } } }));
    await ada.register(at.hyperty('granted'));
    expect((await ada.ask(aJoin('granted', 'oidc'))).body?.code).toBe(403);
  });

  it('is no back end and no media node, whatever the provider says', async () => {
    const role = 'server';
    const token = await aProvidersToken({ role, hyperroom: { role, grants: { room: '*', moderate: true } } });
    const { status, body } = await operating(scene.emulator.httpApiUrl)('listRooms', { token });
    expect([status, body?.message]).toEqual([403, expect.stringContaining('participant')]);
    const pretender = await scene.client(await aProvidersToken({ role: 'media-node' }));
    await pretender.register(at.hyperty('pretender'));
    const value = { instance: 'x', capacity: 1000, load: 0 };
    const announced = await pretender.ask({
      type: 'create',
      from: at.hyperty('pretender'),
      to: at.media,
      body: { value },
    });
    expect(announced.body?.code).toBe(403);
  });

  it('does not get in with a token for something else', async () => {
    await expect(scene.client(await aProvidersToken({ aud: 'another-app' }))).rejects.toThrow('403');
  });

  it('may still have a token of our own', async () => {
    const own = await scene.client(await aToken({ sub: 'user://localhost/own', grants: { room: '*', create: true } }));
    expect((await joinRoom(own, node, 'own', 'own')).body?.code).toBe(200);
  });
});
