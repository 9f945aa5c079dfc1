import { EventEmitter } from 'node:events';
import { MAX_MESSAGE_BYTES } from '@hyperroom/protocol';
import { WebSocket } from 'ws';
import { fromStatus } from './link-error.ts';

export type SocketEvents = {
  open: [];
  message: [text: string];
  /** Of the socket, or why it does not open: a `LinkError` where the API has said so. */
  error: [error: Error];
  close: [code: number];
};

/** What the link needs of a WebSocket. */
export interface Socket extends Pick<EventEmitter<SocketEvents>, 'on' | 'once'> {
  readonly isOpen: boolean;
  send(text: string): void;
  close(): void;
  /** Without a farewell. */
  terminate(): void;
}

export type OpenSocket = (url: string) => Socket;

/** Of `ws`. The API tells a bad token by the status of the handshake. */
export function openWebSocket(url: string, deadlineMs: number): Socket {
  return new ApiSocket(
    new WebSocket(url, { handshakeTimeout: deadlineMs, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false }),
  );
}

class ApiSocket extends EventEmitter<SocketEvents> implements Socket {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
    socket.on('open', () => this.emit('open'));
    socket.on('message', (data) => this.emit('message', data.toString()));
    socket.on('error', (error) => this.emit('error', error));
    socket.on('close', (code) => this.emit('close', code));
    socket.on('unexpected-response', (_request, { statusCode = 0 }) => {
      this.emit('error', fromStatus(statusCode, `${statusCode} to the handshake`));
      socket.terminate();
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  close(): void {
    this.#socket.close(1000);
  }

  terminate(): void {
    this.#socket.terminate();
  }
}
