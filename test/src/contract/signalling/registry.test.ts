import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aRegistration, at, type Signalling, startSignalling } from './signalling.ts';

let signalling: Signalling;
beforeAll(async () => {
  signalling = await startSignalling(1);
});
afterAll(() => signalling.close());

describe('registering', () => {
  it('answers with the hyperty URL, the one asked for or a new one', async () => {
    const peer = await signalling.client();
    const url = at.hyperty('ada');
    expect((await peer.register(url)).body).toEqual({ code: 200 });
    const minted = await peer.ask({
      type: 'create',
      from: 'hyperty-runtime://localhost/1',
      to: at.registry,
      body: { value: { ...aRegistration(''), url: undefined, expires: 9999 } },
    });
    expect(minted.body).toMatchObject({
      code: 200,
      value: { url: expect.stringMatching(/^hyperty:\/\/localhost\/./) },
    });
    expect(minted.body?.value).toMatchObject({ expires: 3600 });
  });

  it('echoes the id with its JSON type, and answers a trailing slash', async () => {
    const peer = await signalling.client();
    const from = at.hyperty('typed');
    const request = { type: 'create', from, to: `${at.registry}/`, body: { value: aRegistration(from) } } as const;
    expect(await peer.ask(request, 7)).toMatchObject({ id: 7, from: `${at.registry}/`, to: from });
    expect(await peer.ask(request, '7')).toMatchObject({ id: '7' });
  });

  it('keeps a URL for its user, on whichever of his connections', async () => {
    const url = at.hyperty('taken');
    const owner = { sub: 'user://localhost/owner', role: 'participant' } as const;
    const first = await signalling.client(owner);
    await first.register(url);
    const thief = await signalling.client();
    expect((await thief.register(url)).body).toMatchObject({
      code: 403,
      desc: expect.stringContaining('another user'),
    });
    const second = await signalling.client(owner);
    expect((await second.register(url)).body?.code).toBe(200);
  });

  it('refuses the conference itself and other domains', async () => {
    const peer = await signalling.client();
    expect((await peer.register(at.conference)).body?.code).toBe(403);
    expect((await peer.register('hyperty://elsewhere/x')).body?.code).toBe(400);
  });

  it('keeps alive and unregisters in both spellings, for the owner only', async () => {
    const [peer, other] = await Promise.all([signalling.client(), signalling.client()]);
    for (const value of ['disconnected', { status: 'disconnected' }]) {
      const resource = at.hyperty('brief');
      await peer.register(resource);
      const update = { type: 'update', from: resource, to: at.registry } as const;
      expect((await peer.ask({ ...update, body: { resource } })).body?.code).toBe(200);
      const foreign = { ...update, from: at.hyperty('other'), body: { resource, value, attribute: 'status' } };
      expect((await other.ask(foreign)).body?.code).toBe(403);
      expect((await peer.ask({ ...update, body: { resource, value, attribute: 'status' } })).body?.code).toBe(200);
      expect((await peer.ask({ ...update, body: { resource } })).body?.code).toBe(404);
    }
  });
});
