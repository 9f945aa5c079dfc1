import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Health {
  /** Registered with the conference. */
  signalling: boolean;
  /** Kurento answers. */
  kurento: boolean;
  rooms: number;
  endpoints: number;
  /** It takes no more rooms, and ends when it has none left. */
  draining: boolean;
}

/** GET /healthz on the loopback: 200 while the node can serve a join, 503 otherwise, with the details as JSON. */
export class HealthServer {
  readonly #server: Server;

  constructor(health: () => Health) {
    this.#server = createServer((request, response) => {
      if (request.url !== '/healthz') {
        response.writeHead(404).end();
        return;
      }
      const state = health();
      response.writeHead(state.signalling && state.kurento ? 200 : 503, { 'content-type': 'application/json' });
      response.end(JSON.stringify(state));
    });
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Port 0 takes any free one. */
  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
