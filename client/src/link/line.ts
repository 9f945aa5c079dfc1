export interface LineOptions {
  url: string;
  WebSocket: typeof WebSocket;
  onFrame: (frame: string) => void;
  /** Hears of the end, whether it was open before or not; not of `close()`. */
  onClosed: () => void;
}

/** One WebSocket. */
export class Line {
  /** Resolves when it is open: never, if it does not open. */
  readonly opened: Promise<void>;
  readonly #socket: WebSocket;

  constructor({ url, WebSocket: Socket, onFrame, onClosed }: LineOptions) {
    this.#socket = new Socket(url);
    this.#socket.onmessage = ({ data }) => typeof data === 'string' && onFrame(data);
    this.#socket.onclose = onClosed;
    this.opened = new Promise((resolve) => {
      this.#socket.onopen = () => resolve();
    });
  }

  /** What is sent by a socket that is closing is lost with it. */
  send(frames: readonly string[]): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    for (const frame of frames) this.#socket.send(frame);
  }

  /** Neither opens nor tells anything from now on. */
  close(): void {
    this.#socket.onopen = null;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
  }
}
