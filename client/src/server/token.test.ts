import { TokenClaims } from '@hyperroom/protocol';
import { jwtVerify } from 'jose';
import * as v from 'valibot';
import { describe, expect, it, test } from 'vitest';
import { mintToken, type TokenOptions } from './token.ts';

const secret = 'a secret of 32 bytes for HMAC-256';
const ADA: TokenOptions = { secret, user: 'user://example.org/ada', room: 'standup' };

/** What a server that has the secret reads in a token. */
async function read(token: string): Promise<{ claims: TokenClaims; lifetime: number }> {
  const { payload, protectedHeader } = await jwtVerify(token, new TextEncoder().encode(secret));
  expect(protectedHeader).toEqual({ alg: 'HS256' });
  return { claims: v.parse(TokenClaims, payload), lifetime: (payload.exp ?? 0) - (payload.iat ?? 0) };
}

describe('a token', () => {
  it('lets its user take part in a room for 6 hours', async () => {
    expect(await read(await mintToken(ADA))).toEqual({
      claims: {
        sub: 'user://example.org/ada',
        role: 'participant',
        grants: { room: 'standup', create: false, publish: true, subscribe: true, data: true, moderate: false },
      },
      lifetime: 6 * 3600,
    });
  });

  it('says all that it is asked to say', async () => {
    const grants = { create: true, publish: ['microphone' as const], subscribe: false, data: false, moderate: true };
    const others = { name: 'Ada', metadata: { team: 'red' }, role: 'server' as const };
    const token = await mintToken({ ...ADA, ...grants, ...others, room: 'team-*', expiresIn: 60 });
    expect(await read(token)).toEqual({
      claims: { sub: ADA.user, ...others, grants: { room: 'team-*', ...grants } },
      lifetime: 60,
    });
  });
});

test.each<[string, Partial<TokenOptions>]>([
  ['secret', { secret: '' }],
  ['room', { room: 'a room' }],
  ['room', { room: '' }],
  ['expiresIn', { expiresIn: 0 }],
  ['expiresIn', { expiresIn: 1.5 }],
  ['sub', { user: '' }],
  ['name', { name: ' ' }],
  ['metadata', { metadata: { text: 'x'.repeat(2_000) } }],
  ['publish', { publish: ['speaker'] as unknown as ['camera'] }],
])('no token is made with a wrong %s: %o', async (field, wrong) => {
  await expect(mintToken({ ...ADA, ...wrong })).rejects.toMatchObject({
    name: 'HyperroomError',
    code: 'bad-request',
    message: expect.stringContaining(field),
  });
});
