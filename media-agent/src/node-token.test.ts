import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { NODE_KEY } from '@hyperroom/protocol';
import { jwtVerify } from 'jose';
import { expect, test, vi } from 'vitest';
import { secretReader, signNodeToken } from './node-token.ts';

test('a node’s token says what it is, under its own key, and not for long', async () => {
  const token = await signNodeToken({ domain: 'example.org', nodeId: 'i-1' }, 'secret of the nodes');
  const { payload, protectedHeader } = await jwtVerify(token, new TextEncoder().encode('secret of the nodes'));
  expect(protectedHeader).toEqual({ alg: 'HS256', kid: NODE_KEY });
  const { iat = 0, exp = 0, ...claims } = payload;
  expect(claims).toEqual({ sub: 'user://example.org/i-1', role: 'media-node' });
  expect(exp - iat).toBe(300);
});

test('a secret that was rotated is read anew', async () => {
  const asked: unknown[] = [];
  const server = createServer(async (request, response) => {
    asked.push(await json(request));
    response.setHeader('content-type', 'application/x-amz-json-1.1').end(`{"SecretString":"${asked.length}"}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  try {
    const read = secretReader('arn:of:it', 'eu-west-1');
    expect([await read(), await read()]).toEqual(['1', '2']);
    expect(asked).toEqual([{ SecretId: 'arn:of:it' }, { SecretId: 'arn:of:it' }]);
  } finally {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  }
});
