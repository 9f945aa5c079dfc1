import type { EventEmitter } from 'node:events';
import type { ClientOptions, WebSocket } from 'ws';

declare namespace reconnect {
  interface Options {
    initialDelay?: number;
    maxDelay?: number;
    failAfter?: number;
  }

  type Events = {
    connect: [socket: WebSocket];
    connection: [socket: WebSocket];
    disconnect: [failure: Error | undefined];
    reconnect: [attempt: number, delay: number];
    backoff: [attempt: number, delay: number, failure: Error | undefined];
    fail: [failure: Error | undefined];
  };

  interface Reconnection extends EventEmitter<Events> {
    readonly connected: boolean;
    readonly reconnect: boolean;
    connect(uri: string, socketOptions?: ClientOptions): this;
    disconnect(): this;
  }
}

declare function reconnect(
  options?: reconnect.Options,
  onConnection?: (socket: WebSocket) => void,
): reconnect.Reconnection;

export = reconnect;
