import type { Flight } from './flight.ts';

/** The server's end of a socket. */
export interface Line {
  deliver(frame: string): void;
  /** It is lost: the client hears of it. */
  drop(): void;
}

/** What a server does with a socket that it has taken. */
export interface Caller {
  receive(frame: string): void;
  left(): void;
}

/** Takes a socket; undefined: refuses it. */
export type Admit = (url: URL, line: Line) => Caller | undefined;

/** WebSockets that lead to a server in this very process. */
export function socketsTo(admit: Admit, flight: Flight): typeof WebSocket {
  class FakeWebSocket implements Line {
    readonly OPEN = 1;
    readyState = 0;
    binaryType = 'blob';
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: string }) => void) | null = null;
    onclose: (() => void) | null = null;
    #caller: Caller | undefined;

    constructor(url: string) {
      flight.send(() => this.#dial(url));
    }

    send(frame: string): void {
      flight.send(() => this.readyState === this.OPEN && this.#caller?.receive(frame));
    }

    close(): void {
      if (this.readyState === 3) return;
      this.readyState = 3;
      flight.send(() => this.#caller?.left());
    }

    deliver(frame: string): void {
      flight.send(() => this.readyState === this.OPEN && this.onmessage?.({ data: frame }));
    }

    drop(): void {
      this.readyState = 3;
      this.#caller?.left();
      flight.send(() => this.onclose?.());
    }

    #dial(url: string): void {
      if (this.readyState === 3) return;
      this.#caller = admit(new URL(url), this);
      this.readyState = this.#caller ? this.OPEN : 3;
      if (this.#caller) this.onopen?.();
      else this.onclose?.();
    }
  }
  return FakeWebSocket as unknown as typeof WebSocket;
}
