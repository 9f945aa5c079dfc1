import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { LifecycleEvent } from '@hyperroom/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deliver, type Receiver, signatureOf } from './webhook.ts';

const EVENT: LifecycleEvent = {
  event: 'room.started',
  id: 'evt-1',
  time: '2026-01-01T00:00:00.000Z',
  room: { id: 'ständup', url: 'comm://localhost/r', incarnation: 'i', metadata: { greeting: 'grüß Gott' } },
};

let server: Server;
let receiver: Receiver;
/** What the receiver answers; undefined: nothing, ever. */
let status: number | undefined;
let received: { headers: IncomingHttpHeaders; body: string; path: string | undefined }[];

beforeEach(async () => {
  status = 204;
  received = [];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers, body, path: request.url });
      if (status !== undefined) response.writeHead(status, { location: '/elsewhere' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  receiver = { url: `http://127.0.0.1:${port}/hook`, secret: 'a secret', deadline: 5_000 };
});

afterEach(async () => {
  vi.restoreAllMocks();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('a signature', () => {
  // From the tests of the specification's own libraries.
  it('is what the libraries of Standard Webhooks make of the same', () => {
    const content = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}';
    expect(signatureOf(content, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('takes a secret without the prefix as it is', () => {
    const base64 = Buffer.from('a secret').toString('base64');
    expect(signatureOf('content', 'a secret')).toBe(signatureOf('content', `whsec_${base64}`));
    expect(signatureOf('content', base64)).not.toBe(signatureOf('content', `whsec_${base64}`));
  });
});

describe('a webhook', () => {
  it('gets the event as JSON, named, timed and signed', async () => {
    const before = Math.floor(Date.now() / 1000);
    await deliver(EVENT, receiver);
    const [{ headers, body, path } = { headers: {}, body: '', path: '' }] = received;
    expect(path).toBe('/hook');
    expect(JSON.parse(body)).toEqual(EVENT);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': 'evt-1' });
    const timestamp = Number(headers['webhook-timestamp']);
    expect(timestamp).toBeGreaterThanOrEqual(before);
    expect(timestamp).toBeLessThanOrEqual(Date.now() / 1000);
    expect(headers['webhook-signature']).toBe(signatureOf(`evt-1.${timestamp}.${body}`, 'a secret'));
  });

  it.each([500, 404, 429, 302])('that answers %d has not got it', async (answer) => {
    status = answer;
    await expect(deliver(EVENT, receiver)).rejects.toThrow(`answered ${answer} to evt-1`);
    expect(received).toHaveLength(1);
  });

  it('that answers 410 is not asked again', async () => {
    status = 410;
    const logged = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await deliver(EVENT, receiver);
    expect(logged.mock.calls[0]?.[0]).toContain('evt-1');
  });

  it('that does not answer in time, or is not there, has not got it', async () => {
    status = undefined;
    await expect(deliver(EVENT, { ...receiver, deadline: 20 })).rejects.toThrow(/timeout/i);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(deliver(EVENT, receiver)).rejects.toThrow();
  });
});
