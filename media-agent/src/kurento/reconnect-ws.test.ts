import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import reconnect from 'reconnect-ws';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function listen(port = 0): Promise<WebSocketServer> {
  const server = new WebSocketServer({ port, host: '127.0.0.1' });
  await once(server, 'listening');
  cleanups.push(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  return server;
}

const portOf = (server: WebSocketServer) => (server.address() as AddressInfo).port;

async function closedPort(): Promise<number> {
  const server = await listen();
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

function start(port: number, options?: reconnect.Options): reconnect.Reconnection {
  const re = reconnect(options).connect(`ws://127.0.0.1:${port}`);
  cleanups.push(() => re.disconnect());
  return re;
}

describe('reconnect-ws', () => {
  it('hands over the open socket as the transport that kurento-jsonrpc takes', async () => {
    const server = await listen();
    server.on('connection', (socket) => socket.on('message', (text) => socket.send(`echo ${text}`)));
    const re = start(portOf(server));
    const [socket] = await once(re, 'connection');
    const heard = new Promise((resolve) => {
      socket.addEventListener('message', ({ data }: { data: unknown }) => resolve(data));
    });
    socket.send('hello');
    expect(await heard).toBe('echo hello');
    expect(re.connected).toBe(true);
  });

  it('retries a refused connection with Fibonacci delays and connects when the server appears', async () => {
    const port = await closedPort();
    const re = start(port, { initialDelay: 2 });
    const delays: number[] = [];
    re.on('backoff', (_attempt, delay) => delays.push(delay));
    const [failure] = await once(re, 'disconnect');
    expect(failure).toMatchObject({ code: 'ECONNREFUSED' });
    while (delays.length < 5) await once(re, 'backoff');
    await listen(port);
    await once(re, 'connection');
    expect(delays.slice(0, 5)).toEqual([2, 2, 4, 6, 10]);
  });

  it('begins its delays anew after a connection, and caps them', async () => {
    const server = await listen();
    const re = start(portOf(server), { initialDelay: 3, maxDelay: 6 });
    const delays: number[] = [];
    re.on('backoff', (_attempt, delay) => delays.push(delay));
    for (let drop = 0; drop < 2; drop++) {
      const [socket] = await once(re, 'connection');
      expect(re.connected).toBe(true);
      socket.terminate();
      await once(re, 'disconnect');
      expect(re.connected).toBe(false);
    }
    expect(delays).toEqual([3, 3]);
    server.close();
    for (const client of server.clients) client.terminate();
    while (delays.length < 6) await once(re, 'backoff');
    expect(Math.max(...delays)).toBe(6);
  });

  it('fails after the given number of retries', async () => {
    const re = start(await closedPort(), { initialDelay: 1, failAfter: 2 });
    const attempts: number[] = [];
    re.on('reconnect', (attempt) => attempts.push(attempt));
    await once(re, 'fail');
    expect(attempts).toEqual([1, 2]);
    expect(re.reconnect).toBe(false);
  });

  it('stops on disconnect, during a delay as well as when connected', async () => {
    const server = await listen();
    const connected = start(portOf(server));
    await once(connected, 'connection');
    connected.disconnect();
    await once(connected, 'disconnect');
    expect(connected.reconnect).toBe(false);

    const waiting = start(await closedPort(), { initialDelay: 1 });
    await once(waiting, 'backoff');
    let attempts = 0;
    waiting.on('reconnect', () => attempts++);
    waiting.disconnect();
    await listen();
    expect(attempts).toBe(0);
  });
});
