import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { TextFrames } from './text-frames.ts';

export interface KurentoTap {
  /** Where Kurento now listens, too. */
  readonly url: string;
  close(): Promise<void>;
}

/** What was said: by whoever connected, or by Kurento. */
export type Heard = (by: 'client' | 'kurento', text: string) => void;

/**
 * Stands before a Kurento and listens. Bytes pass as they are, and an end of either side is the other's: pings,
 * silence and a killed Kurento look to the agent as they would without it.
 */
export async function tapKurento(kurento: string, heard: Heard): Promise<KurentoTap> {
  // What is encrypted is not for us.
  if (!kurento.startsWith('ws:')) return { url: kurento, close: async () => {} };
  const { hostname, port, pathname } = new URL(kurento);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ host: hostname, port: Number(port), noDelay: true });
    client.setNoDelay(true);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    join(client, upstream, new TextFrames((text) => heard('client', text)));
    join(upstream, client, new TextFrames((text) => heard('kurento', text)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function join(from: Socket, to: Socket, frames: TextFrames): void {
  from.on('data', (chunk: Buffer) => {
    to.write(chunk);
    frames.push(chunk);
  });
  from.on('end', () => to.end());
  from.on('close', () => to.destroy());
}
