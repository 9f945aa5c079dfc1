import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NODE_KEY, type TokenClaims } from '@hyperroom/protocol';
import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Secret } from '../secret.ts';
import { oidcVerifier } from './oidc.ts';
import { signOwn } from './own.ts';
import { tokenVerifier, type Verdict } from './verifier.ts';

const SECRET = 'the secret of this test, which nobody else has';
const NODE_SECRET = 'the secret of the media nodes, which is on every host';
const AUDIENCE = 'hyperroom-app';
const GRANTS = { room: 'team-*', create: true, publish: ['microphone'], subscribe: true, data: true, moderate: true };

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;
let first: KeyPair;
let second: KeyPair;
beforeAll(async () => {
  [first, second] = await Promise.all([generateKeyPair('RS256', { extractable: true }), generateKeyPair('ES256')]);
});

/** An OpenID provider: its configuration, its keys, and how often each was asked for. */
let server: Server;
let issuer: string;
let discovery: object;
let keys: JWK[];
let requests: string[];
let verify: (token: string) => Promise<Verdict>;

beforeEach(async () => {
  requests = [];
  server = createServer(({ url = '' }, response) => {
    requests.push(url);
    const documents: Record<string, object> = { '/.well-known/openid-configuration': discovery, '/keys': { keys } };
    const found = documents[url];
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(found ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  discovery = { issuer, jwks_uri: `${issuer}/keys` };
  keys = [await publicKey(first, 'first')];
  verify = verifierFor(issuer);
});

afterEach(async () => {
  vi.useRealTimers();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A secret that was always the same; or which has been others, newest first. */
const secretOf = (value: string, versions: readonly string[] = [value]): Secret => ({
  value: async () => value,
  versions: async () => versions,
});

const verifierFor = (address: string) =>
  tokenVerifier({
    secret: secretOf(SECRET),
    nodeSecret: secretOf(NODE_SECRET),
    oidc: oidcVerifier({ issuer: address, audience: AUDIENCE, domain: 'localhost' }),
  });

const publicKey = async ({ publicKey }: KeyPair, kid: string) => ({ ...(await exportJWK(publicKey)), kid });

interface Changes {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly key?: Parameters<SignJWT['sign']>[0];
  readonly header?: { alg: string; kid?: string };
  readonly expires?: number;
}

const now = () => Math.floor(Date.now() / 1000);

function aToken({ claims, key = first.privateKey, header, expires = now() + 60 }: Changes = {}): Promise<string> {
  return new SignJWT({ iss: issuer, aud: AUDIENCE, sub: 'ada', ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'first', ...header })
    .setExpirationTime(expires)
    .sign(key);
}

function own(claims: Partial<TokenClaims>, { secret = SECRET, expires = now() + 60 } = {}): Promise<string> {
  return signOwn({ claims: { sub: 'user://localhost/ada', role: 'participant', ...claims }, expires }, secret);
}

describe('a token signed with our own secret', () => {
  it('says what it was made to say, and until when', async () => {
    const expires = now() + 100;
    const claims = { sub: 'user://localhost/s', name: 'S', role: 'server' as const, metadata: { a: 'b' } };
    expect(await verify(await own(claims, { expires }))).toEqual({ ok: true, claims, expires });
    expect(requests).toEqual([]);
  });

  it.each([
    ['another secret', () => own({}, { secret: 'another secret' }), /signature/],
    ['a time that is over', () => own({}, { expires: now() - 1 }), /^token expired$/],
    ['a role that there is not', () => own({ role: 'emperor' } as never), /^role: /],
    ['nothing like a token in it', async () => 'nonsense', /./],
    ['nobody’s signature', async () => new UnsecuredJWT({ sub: 'x' }).setExpirationTime('1h').encode(), /./],
  ])('with %s is worth nothing', async (_, make, reason) => {
    const token = await make();
    for (const oidc of [undefined, oidcVerifier({ issuer, audience: AUDIENCE, domain: 'localhost' })]) {
      const verdict = await tokenVerifier({ secret: secretOf(SECRET), nodeSecret: undefined, oidc })(token);
      expect(verdict).toEqual({ ok: false, reason: expect.stringMatching(reason) });
      expect(JSON.stringify(verdict)).not.toContain(token);
    }
  });
});

describe('a secret that was replaced', () => {
  /** Read before that, as it was. */
  const outdated = tokenVerifier({ secret: secretOf('old', ['new', 'old']), nodeSecret: undefined, oidc: undefined });
  const upToDate = tokenVerifier({ secret: secretOf('new', ['new', 'old']), nodeSecret: undefined, oidc: undefined });

  it('still vouches for what it has signed, and at once for what it signs', async () => {
    for (const secret of ['old', 'new']) {
      const token = await own({}, { secret });
      for (const verifies of [outdated, upToDate]) expect(await verifies(token)).toMatchObject({ ok: true });
    }
  });

  it('says of a token of its past that it has expired, and of a stranger’s whose it is not', async () => {
    const expired = await own({}, { secret: 'old', expires: now() - 1 });
    expect(await upToDate(expired)).toEqual({ ok: false, reason: 'token expired' });
    const strange = await own({}, { secret: 'older' });
    expect(await upToDate(strange)).toEqual({ ok: false, reason: 'signature verification failed' });
  });
});

describe('a token that a media node signed', () => {
  const sub = 'user://localhost/i-0123';
  const signed = (claims: object, { secret = NODE_SECRET, kid = NODE_KEY, expires = now() + 60 } = {}) =>
    aToken({
      claims: { iss: undefined, aud: undefined, sub, ...claims },
      key: new TextEncoder().encode(secret),
      header: { alg: 'HS256', kid },
      expires,
    });

  it('makes it a media node', async () => {
    const expires = now() + 60;
    const token = await signed({ role: 'media-node' }, { expires });
    expect(await verify(token)).toEqual({ ok: true, claims: { sub, role: 'media-node' }, expires });
  });

  it.each([
    ['makes nobody a back end', { role: 'server' }],
    ['makes nobody a participant', { role: 'participant' }],
    ['makes nobody a participant who says nothing of his role', {}],
    ['grants nothing, least of all moderation', { role: 'media-node', grants: { ...GRANTS, moderate: true } }],
  ])('%s', async (_, claims) => {
    expect(await verify(await signed(claims))).toEqual({ ok: false, reason: expect.stringContaining(NODE_KEY) });
  });

  it('is not taken for one of the main secret, nor the other way round', async () => {
    const refused = { ok: false, reason: 'signature verification failed' };
    expect(await verify(await signed({ role: 'media-node' }, { kid: 'another' }))).toEqual(refused);
    expect(await verify(await signed({ role: 'media-node' }, { secret: SECRET }))).toEqual(refused);
    expect(await verify(await signed({ role: 'media-node' }, { expires: now() - 1 }))).toMatchObject({ ok: false });
  });

  it('is worth nothing where nodes have no secret of their own', async () => {
    const withMainSecret = tokenVerifier({ secret: secretOf(SECRET), nodeSecret: undefined, oidc: undefined });
    const refused = { ok: false, reason: 'signature verification failed' };
    expect(await withMainSecret(await signed({ role: 'media-node' }))).toEqual(refused);
    const ofMainSecret = await signed({ role: 'media-node' }, { secret: SECRET });
    expect(await withMainSecret(ofMainSecret)).toMatchObject({ ok: true, claims: { role: 'media-node' } });
  });

  it('leaves the media nodes that the main secret made', async () => {
    expect(await verify(await own({ role: 'media-node' }))).toMatchObject({ claims: { role: 'media-node' } });
  });

  it('does not stand in the way of a provider’s key of that name', async () => {
    keys = [await publicKey(first, NODE_KEY)];
    expect(await verify(await aToken({ header: { alg: 'RS256', kid: NODE_KEY } }))).toMatchObject({ ok: true });
  });
});

describe('a token of an OpenID provider', () => {
  it('makes its subject a user of the domain, who may do everything but moderate', async () => {
    const expires = now() + 100;
    expect(await verify(await aToken({ claims: { sub: 'auth0|a/b', name: ' Ada ' }, expires }))).toEqual({
      ok: true,
      expires,
      claims: {
        sub: 'user://localhost/auth0%7Ca%2Fb',
        name: 'Ada',
        role: 'participant',
        grants: { room: '*', create: true, publish: true, subscribe: true, data: true, moderate: false },
      },
    });
  });

  it('grants what its claim `hyperroom` says', async () => {
    const hyperroom = { grants: GRANTS, metadata: { team: 'blue' } };
    expect(await verify(await aToken({ claims: { hyperroom } }))).toMatchObject({ claims: hyperroom });
    const narrow = await aToken({ claims: { hyperroom: { grants: { room: 'one' } } } });
    expect(await verify(narrow)).toMatchObject({ claims: { grants: { room: 'one', create: false, moderate: false } } });
  });

  it('makes nobody a server or a media node', async () => {
    for (const role of ['server', 'media-node']) {
      const token = await aToken({ claims: { role, hyperroom: { role, grants: { ...GRANTS, role } } } });
      expect(await verify(token)).toMatchObject({ ok: true, claims: { role: 'participant', grants: GRANTS } });
    }
  });

  it.each(['', 'x'.repeat(200)])('is not refused for its name (%j)', async (name) => {
    const verdict = await verify(await aToken({ claims: { name } }));
    expect(verdict.ok && verdict.claims.name).toBe(name ? 'x'.repeat(128) : undefined);
  });

  it.each<[string, Changes, RegExp]>([
    ['for another audience', { claims: { aud: 'another-app' } }, /"aud"/],
    ['of another issuer', { claims: { iss: 'https://elsewhere.example' } }, /"iss"/],
    ['that has expired', { expires: 1_000 }, /^token expired$/],
    ['with grants that there are not', { claims: { hyperroom: { grants: { room: 7 } } } }, /^hyperroom\.grants\.room/],
    ['without a subject', { claims: { sub: undefined } }, /"sub"/],
    ['without an audience', { claims: { aud: undefined } }, /"aud"/],
  ])('%s is worth nothing', async (_, changes, reason) => {
    expect(await verify(await aToken(changes))).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  it('is worth nothing unsigned, or signed by somebody else', async () => {
    const claims = { iss: issuer, aud: AUDIENCE, sub: 'ada' };
    expect(await verify(new UnsecuredJWT(claims).setExpirationTime('1h').encode())).toMatchObject({ ok: false });
    const stranger = await generateKeyPair('RS256');
    expect(await verify(await aToken({ key: stranger.privateKey }))).toEqual({
      ok: false,
      reason: 'signature verification failed',
    });
  });

  it('is worth nothing when its secret is the provider’s public key', async () => {
    for (const text of [await exportSPKI(first.publicKey), JSON.stringify(keys[0])]) {
      const key = new TextEncoder().encode(text);
      for (const claims of [{}, { role: 'server' }]) {
        const token = await aToken({ claims, key, header: { alg: 'HS256' } });
        expect(await verify(token)).toEqual({ ok: false, reason: 'signature verification failed' });
      }
      const longer = await aToken({ key, header: { alg: 'HS512' } });
      expect(await verify(longer)).toEqual({ ok: false, reason: expect.stringContaining('"alg"') });
    }
  });

  it('is worth nothing where there is no provider', async () => {
    const withoutProvider = tokenVerifier({ secret: secretOf(SECRET), nodeSecret: undefined, oidc: undefined });
    const verdict = await withoutProvider(await aToken());
    expect(verdict).toMatchObject({ ok: false });
    expect(requests).toEqual([]);
  });
});

describe('the keys of a provider', () => {
  it('are asked for once', async () => {
    for (let n = 0; n < 3; n++) expect(await verify(await aToken())).toMatchObject({ ok: true });
    expect(requests).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it('are asked for again when one is missing, but not by every token that claims one', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await verify(await aToken());
    keys = [await publicKey(second, 'second')];
    const rotated = () => aToken({ key: second.privateKey, header: { alg: 'ES256', kid: 'second' } });
    expect(await verify(await rotated())).toMatchObject({ ok: false });
    vi.advanceTimersByTime(31_000);
    expect(await verify(await rotated())).toMatchObject({ ok: true });
    expect(await verify(await aToken())).toMatchObject({ ok: false });
    expect(requests.filter((url) => url === '/keys')).toHaveLength(2);
  });

  it('that could not be had are asked for again', async () => {
    const whole = discovery;
    discovery = {};
    expect(await verify(await aToken())).toMatchObject({ ok: false });
    discovery = { ...whole, issuer: 'https://elsewhere.example' };
    expect(await verify(await aToken())).toEqual({ ok: false, reason: expect.stringContaining('another issuer') });
    discovery = { ...whole, jwks_uri: 'http://elsewhere.example/keys' };
    expect(await verify(await aToken())).toEqual({ ok: false, reason: expect.stringContaining('https') });
    discovery = whole;
    expect(await verify(await aToken())).toMatchObject({ ok: true });
  });

  it('never come over plain HTTP from another machine', () => {
    expect(() => verifierFor('http://login.example.com')).toThrow('does not begin with https');
    expect(() => verifierFor('http://127.0.0.1.example.com')).toThrow('does not begin with https');
    for (const fine of ['https://login.example.com/', 'http://localhost:8080']) expect(verifierFor(fine)).toBeTruthy();
  });
});
