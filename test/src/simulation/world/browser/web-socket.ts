import type { Dialled, Host, SimulatedGateway } from '../aws/gateway.ts';

/** Hears what goes by a socket. */
export interface Overhears {
  sent(frame: string): void;
  received(frame: string): void;
}

/** `WebSocket` on a page. */
export function webSocketOf(host: Host, gateway: SimulatedGateway, overhears: Overhears): typeof WebSocket {
  const Bound = class extends SimulatedWebSocket {
    constructor(url: string) {
      super(url, host, gateway, overhears);
    }
  };
  return Bound as unknown as typeof WebSocket;
}

class SimulatedWebSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;
  readonly url: string;
  readyState: number = this.CONNECTING;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly #dialled: Dialled;
  readonly #overhears: Overhears;

  constructor(url: string, host: Host, gateway: SimulatedGateway, overhears: Overhears) {
    super();
    this.url = url;
    this.#overhears = overhears;
    this.#dialled = gateway.dial(url, host, {
      opened: () => this.#opened(),
      received: (data) => this.#received(data),
      closed: (code) => this.#closed(code),
    });
  }

  send(text: string): void {
    if (this.readyState === this.CONNECTING) throw new Error('InvalidStateError');
    if (this.readyState !== this.OPEN) return;
    this.#overhears.sent(text);
    this.#dialled.send(text);
  }

  close(): void {
    if (this.readyState >= this.CLOSING) return;
    this.readyState = this.CLOSING;
    this.#dialled.close();
  }

  #opened(): void {
    if (this.readyState !== this.CONNECTING) return;
    this.readyState = this.OPEN;
    this.#tell('open', {}, this.onopen);
  }

  #received(data: string): void {
    if (this.readyState !== this.OPEN) return;
    this.#overhears.received(data);
    this.#tell('message', { data }, this.onmessage);
  }

  #closed(code: number): void {
    if (this.readyState === this.CLOSED) return;
    this.readyState = this.CLOSED;
    this.#tell('close', { code }, this.onclose);
  }

  #tell<E extends object>(type: string, details: E, listener: ((event: E) => void) | null): void {
    listener?.(details);
    this.dispatchEvent(Object.assign(new Event(type), details));
  }
}
