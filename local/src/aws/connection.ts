import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Clock } from './clock.ts';
import type { AuthorizerContext, ConnectionFacts } from './events.ts';
import { FrameLengths } from './frame-lengths.ts';
import type { Limits } from './limits.ts';

export interface CloseStatus {
  readonly code: number;
  readonly reason: string;
}

export interface ConnectionOptions {
  readonly facts: ConnectionFacts;
  readonly authorizer: AuthorizerContext | undefined;
  readonly webSocket: WebSocket;
  readonly socket: Socket;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly onMessage: (body: string) => void;
  readonly onClose: (status: CloseStatus) => void;
}

/** An open client connection, held to the limits of API Gateway. */
export class Connection {
  readonly facts: ConnectionFacts;
  readonly authorizer: AuthorizerContext | undefined;
  readonly #options: ConnectionOptions;
  #lastActiveAt: number;
  #closing: CloseStatus | undefined;
  #isStalled = false;
  #cancelIdle: () => void = () => {};
  #cancelExpiry: () => void = () => {};

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.facts = options.facts;
    this.authorizer = options.authorizer;
    this.#lastActiveAt = options.clock.now();
    this.#watchSocket();
    this.#watchTime();
  }

  get lastActiveAt(): number {
    return this.#lastActiveAt;
  }

  /** Whether the client got it. */
  send(body: Buffer): Promise<boolean> {
    const { webSocket, clock, limits } = this.#options;
    if (webSocket.readyState !== webSocket.OPEN) return Promise.resolve(false);
    this.#lastActiveAt = clock.now();
    if (this.#isStalled) return Promise.resolve(true);
    return new Promise((resolve) => {
      // API Gateway splits what it sends into frames of the size it accepts.
      for (let start = 0; start === 0 || start < body.length; start += limits.frameBytes) {
        const fin = start + limits.frameBytes >= body.length;
        const frame = body.subarray(start, start + limits.frameBytes);
        webSocket.send(frame, { binary: false, fin }, (error) => {
          if (fin || error) resolve(!error);
        });
      }
    });
  }

  close(code: number, reason: string): void {
    if (this.#closing !== undefined) return;
    this.#closing = { code, reason };
    this.#options.webSocket.close(code, reason);
  }

  terminate(): void {
    this.#options.webSocket.terminate();
  }

  /** Lets nothing through any more, either way, while it goes on looking open: as when the client's network has silently died. */
  stall(): void {
    this.#isStalled = true;
    this.#options.webSocket.pause();
  }

  #watchSocket(): void {
    const { webSocket, socket, limits, clock, onMessage, onClose } = this.#options;
    const frames = new FrameLengths((length) => {
      if (length > limits.frameBytes) this.close(1009, 'Frame too long');
    });
    // Before ws sees the same bytes, so that a frame too long is never delivered.
    socket.prependListener('data', (chunk: Buffer) => frames.push(chunk));
    webSocket.on('message', (data, isBinary) => {
      if (this.#closing !== undefined) return;
      this.#lastActiveAt = clock.now();
      if (isBinary) this.close(1003, 'Binary frames are not supported');
      else onMessage(data.toString());
    });
    // ws itself closes on what breaks the protocol or its maxPayload.
    webSocket.on('error', (error) => {
      const tooLong = 'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
      this.#closing ??= tooLong ? { code: 1009, reason: 'Message too long' } : { code: 1002, reason: error.message };
    });
    webSocket.on('close', (code, reason) => {
      this.#cancelIdle();
      this.#cancelExpiry();
      onClose(this.#closing ?? { code, reason: reason.toString() });
    });
  }

  #watchTime(): void {
    const { clock, limits } = this.#options;
    this.#cancelExpiry = clock.after(limits.connectionMs, () => this.close(1001, 'Going away'));
    this.#watchIdleness(limits.idleMs);
  }

  #watchIdleness(delayMs: number): void {
    const { clock, limits } = this.#options;
    this.#cancelIdle = clock.after(delayMs, () => {
      const left = this.#lastActiveAt + limits.idleMs - clock.now();
      if (left > 0) this.#watchIdleness(left);
      else this.close(1001, 'Going away');
    });
  }
}
