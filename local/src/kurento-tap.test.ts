import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type KurentoTap, tapKurento } from './kurento-tap.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function echo(): Promise<{ server: WebSocketServer; url: string }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  server.on('connection', (socket) => socket.on('message', (text) => socket.send(`re: ${text}`)));
  closers.push(() => new Promise((resolve) => server.close(() => resolve())));
  return { server, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/kurento` };
}

async function tapped(url: string): Promise<{ tap: KurentoTap; heard: string[] }> {
  const heard: string[] = [];
  const tap = await tapKurento(url, (by, text) => heard.push(`${by} ${text.length} ${text.slice(0, 8)}`));
  closers.push(tap.close);
  return { tap, heard };
}

test('every text is heard, short, long, longer and in fragments, and both sides hear each other', async () => {
  const { tap, heard } = await tapped((await echo()).url);
  const socket = new WebSocket(tap.url);
  const answers: number[] = [];
  socket.on('message', (text) => answers.push(String(text).length));
  await once(socket, 'open');
  for (const length of [5, 300, 70_000]) socket.send('x'.repeat(length));
  socket.send('frag', { fin: false });
  socket.ping();
  socket.send('ments', { fin: true });
  await vi.waitFor(() => expect(answers).toEqual([9, 304, 70_004, 13]));
  expect(heard.filter((text) => text.startsWith('client'))).toEqual([
    'client 5 xxxxx',
    'client 300 xxxxxxxx',
    'client 70000 xxxxxxxx',
    'client 9 fragment',
  ]);
  expect(heard.filter((text) => text.startsWith('kurento'))).toHaveLength(4);
  socket.terminate();
});

test('a Kurento that is killed ends its clients, and one that is not there refuses them', async () => {
  const { server, url } = await echo();
  const { tap } = await tapped(url);
  const socket = new WebSocket(tap.url);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  for (const client of server.clients) client.terminate();
  expect((await closed)[0]).toBe(1006);
  server.close();
  const late = new WebSocket(tap.url);
  await expect(once(late, 'open')).rejects.toThrow();
});
