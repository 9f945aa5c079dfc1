import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuthorizerContext } from '../messaging-node/session.ts';

/* What needs neither table nor secret: there are none here. */

const connection = { connectionId: 'c', connectedAt: 0 };
let lines: string[];

async function status(event: object): Promise<number> {
  vi.stubEnv('TABLE_NAME', 'table');
  const { handler } = await import('./admit.ts');
  return (await handler({ requestContext: connection, ...event })).statusCode;
}

beforeEach(() => {
  lines = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('$connect on an emulator', () => {
  it('opens what the authorizer has let pass', async () => {
    const requestContext = { ...connection, authorizer: {} as AuthorizerContext };
    expect(await status({ requestContext })).toBe(200);
  });

  it('opens nothing for a page elsewhere, whatever its token', async () => {
    vi.stubEnv('ALLOWED_ORIGINS', 'https://app.example.org');
    const headers = { Origin: 'https://elsewhere.example' };
    expect(await status({ headers, queryStringParameters: { token: 'any' } })).toBe(403);
  });

  it('opens nothing for who brings no token, where the emulator says null of what there is not', async () => {
    expect(await status({ queryStringParameters: null })).toBe(403);
    expect(lines.map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ denied: 'no token' })]);
  });

  it('survives that the secret cannot be had', async () => {
    expect(await status({ queryStringParameters: { token: 'any' } })).toBe(500);
    expect(lines[0]).toContain('TOKEN_SECRET_ARN');
  });
});
