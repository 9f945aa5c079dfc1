import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectEvent } from '../gateway-events.ts';
import { handler } from './connect.ts';

const authorizer = {} as NonNullable<ConnectEvent['requestContext']['authorizer']>;
const connection = { connectionId: 'c', connectedAt: 0 };
const status = async (headers: Record<string, string>, context: ConnectEvent['requestContext']) =>
  (await handler({ requestContext: context, headers })).statusCode;

beforeEach(() => void vi.spyOn(process.stdout, 'write').mockReturnValue(true));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('a connection that the authorizer has let pass', () => {
  const authorized = { ...connection, authorizer };

  it('is opened for any page, where none is named', async () => {
    expect(await status({ Origin: 'https://anywhere.example' }, authorized)).toBe(200);
  });

  it.each([
    ['an allowed page', { Origin: 'https://app.example.org' }, 200],
    ['the other allowed page, in small letters', { origin: 'http://localhost:8080' }, 200],
    ['what is no browser', { 'User-Agent': 'agent' }, 200],
    ['a page elsewhere', { Origin: 'https://app.example.org.evil.example' }, 403],
    ['a page of a host that is allowed on another port', { Origin: 'http://localhost:8081' }, 403],
    ['a page that hides where it is from', { Origin: 'null' }, 403],
  ])(
    'is opened, where pages are named, only for these and for what is no browser: %s',
    async (_, headers, expected) => {
      vi.stubEnv('ALLOWED_ORIGINS', 'https://app.example.org,http://localhost:8080');
      expect(await status(headers as Record<string, string>, authorized)).toBe(expected);
    },
  );
});

describe('a connection of which no authorizer was asked', () => {
  it('is opened where clients without a token are admitted, and nowhere else', async () => {
    expect(await status({}, connection)).toBe(403);
    vi.stubEnv('ALLOW_ANONYMOUS', 'true');
    expect(await status({}, connection)).toBe(200);
  });

  it('is not opened for a page elsewhere either', async () => {
    vi.stubEnv('ALLOW_ANONYMOUS', 'true');
    vi.stubEnv('ALLOWED_ORIGINS', 'https://app.example.org');
    expect(await status({ Origin: 'https://elsewhere.example' }, connection)).toBe(403);
  });
});
