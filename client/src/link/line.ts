export interface LineOptions {
  url: string | Promise<string>;
  WebSocket: typeof WebSocket;
  onFrame: (frame: string) => void;
  /** Hears of the end, whether it was open before or not; not of `close()`. */
  onClosed: () => void;
}

/** One WebSocket. */
export class Line {
  /** Resolves when it is open: never, if it does not open. */
  readonly opened: Promise<void>;
  #socket: WebSocket | undefined;
  #closed = false;

  constructor({ url, WebSocket: Socket, onFrame, onClosed }: LineOptions) {
    this.opened = new Promise((resolve) => {
      const dial = (address: string) => {
        if (this.#closed) return;
        const socket = new Socket(address);
        socket.onopen = () => resolve();
        // API Gateway sends text; some emulators of it send bytes.
        socket.binaryType = 'arraybuffer';
        socket.onmessage = ({ data }) => onFrame(typeof data === 'string' ? data : new TextDecoder().decode(data));
        socket.onclose = onClosed;
        this.#socket = socket;
      };
      if (typeof url === 'string') dial(url);
      // Where there is no token now, there may be one later.
      else url.then(dial, () => !this.#closed && onClosed());
    });
  }

  /** What is sent by a socket that is closing is lost with it. */
  send(frames: readonly string[]): void {
    const socket = this.#socket;
    if (socket?.readyState !== socket?.OPEN) return;
    for (const frame of frames) socket?.send(frame);
  }

  /** Neither opens nor tells anything from now on. */
  close(): void {
    this.#closed = true;
    if (!this.#socket) return;
    this.#socket.onopen = null;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
  }
}
