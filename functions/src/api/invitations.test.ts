import { NewInvitation } from '@hyperroom/protocol';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { verifyOwn } from '../tokens/own.ts';
import { inviting } from './invitations.ts';

const NOW = Date.now();
const SECRET = 'the secret of this test';
const invite = inviting({
  domain: 'example.org',
  signallingUrl: 'wss://example.org/live',
  secret: async () => SECRET,
  clock: () => NOW,
});

async function invited(invitation: object) {
  const made = await invite('standup', v.parse(NewInvitation, invitation));
  return { made, ...(await verifyOwn(made.token, SECRET)) };
}

describe('an invitation', () => {
  it('is a token for one room, good for six hours unless said otherwise', async () => {
    const { made, claims, expires } = await invited({ user: 'Ada L' });
    expect(claims).toEqual({
      sub: 'user://example.org/Ada%20L',
      name: 'Ada L',
      role: 'participant',
      grants: { room: 'standup', create: false, publish: true, subscribe: true, data: true, moderate: false },
    });
    expect(expires).toBe(Math.floor(NOW / 1000) + 6 * 3600);
    expect(made).toMatchObject({
      expires: new Date(expires * 1000).toISOString(),
      signalling: 'wss://example.org/live',
    });
    expect((await invited({ user: 'ada', expiresIn: 60 })).expires).toBe(Math.floor(NOW / 1000) + 60);
  });

  it('grants what it is to grant', async () => {
    const may = { create: true, publish: ['screen'], subscribe: false, data: false, moderate: true };
    const { claims } = await invited({ user: 'ada', name: 'Countess', metadata: { team: 'blue' }, ...may });
    expect(claims).toMatchObject({ name: 'Countess', metadata: { team: 'blue' }, grants: { room: 'standup', ...may } });
  });

  it('is for a user’s URL as it is, whose name is nobody’s to guess', async () => {
    const { claims } = await invited({ user: 'user://example.org/ada' });
    expect(claims.sub).toBe('user://example.org/ada');
    expect(claims.name).toBeUndefined();
  });

  it.each([
    'user://elsewhere.org/ada',
    'user://example.org/',
    'user://example.org.evil/x',
    'mailto://a',
    'anonymous-1',
  ])('is not for %s', async (user) => {
    await expect(invited({ user })).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringMatching(/^user/),
    });
  });

  it('is for no name that makes too long a URL', async () => {
    await expect(invited({ user: 'é'.repeat(200) })).rejects.toMatchObject({ code: 'bad-request' });
  });
});
