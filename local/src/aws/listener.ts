import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A port that HTTP is spoken on. Nothing is answered before `serve`. */
export class Listener {
  readonly server: Server;
  /** `127.0.0.1:<port>` */
  readonly host: string;

  private constructor(server: Server, host: string) {
    this.server = server;
    this.host = host;
  }

  static async open(port: number, host: string): Promise<Listener> {
    const server = createServer({ keepAliveTimeout: 0 });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    return new Listener(server, `${host}:${(server.address() as AddressInfo).port}`);
  }

  serve(listener: (...exchange: Parameters<RequestListener>) => Promise<void>): void {
    this.server.on('request', (request, response) => {
      listener(request, response).catch(() => request.destroy());
    });
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}
