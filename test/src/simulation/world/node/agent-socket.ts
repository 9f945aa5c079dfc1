import { EventEmitter } from 'node:events';
import type { Dialled, Host, SimulatedGateway } from '../aws/gateway.ts';
import type { Socket, SocketEvents } from '../media/agent.ts';

/** The agent's WebSocket. */
export class AgentSocket extends EventEmitter<SocketEvents> implements Socket {
  readonly #dialled: Dialled;
  #isOpen = false;

  constructor(url: string, host: Host, gateway: SimulatedGateway) {
    super();
    // Nobody may be listening any more.
    this.on('error', () => {});
    this.#dialled = gateway.dial(url, host, {
      opened: () => {
        this.#isOpen = true;
        this.emit('open');
      },
      received: (text) => this.#isOpen && this.emit('message', text),
      closed: (code) => {
        if (!this.#isOpen) this.emit('error', new Error(`closed ${code}`));
        this.#isOpen = false;
        this.emit('close', code);
      },
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  send(text: string): void {
    this.#dialled.send(text);
  }

  close(): void {
    this.#dialled.close();
  }

  terminate(): void {
    this.#dialled.close();
  }
}
