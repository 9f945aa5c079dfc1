import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, vi } from 'vitest';

/** What the webhook fixture posts. */
export interface Delivery {
  readonly event: { readonly id: string; readonly detail: { readonly room: string } };
  readonly secret: string;
}

/** A back end which remembers what is posted to it, and answers as it is told. */
export class Receiver {
  readonly url: string;
  readonly #server: Server;
  #deliveries: Delivery[] = [];
  #statuses: number[] = [];

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    server.on('request', async (request, response) => {
      this.#deliveries.push((await json(request)) as Delivery);
      response.writeHead(this.#statuses.shift() ?? 200).end();
    });
  }

  static async open(): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Receiver(server);
  }

  get count(): number {
    return this.#deliveries.length;
  }

  /** All that came, once there are so many. */
  async received(count: number): Promise<[Delivery, ...Delivery[]]> {
    await vi.waitFor(() => expect(this.#deliveries.length).toBeGreaterThanOrEqual(count), {
      timeout: 10_000,
      interval: 5,
    });
    return this.#deliveries as [Delivery, ...Delivery[]];
  }

  /** The statuses of the next answers; after them 200. */
  answerWith(...statuses: number[]): void {
    this.#statuses = statuses;
  }

  reset(): void {
    this.#deliveries = [];
    this.#statuses = [];
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
