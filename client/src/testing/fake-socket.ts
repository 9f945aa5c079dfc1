import type { Message } from '@hyperroom/protocol';

/** The server's end of a WebSocket that a test drives: it opens, answers and drops when the test says so. */
export class FakeSocket {
  static readonly made: FakeSocket[] = [];
  /** As `typeof WebSocket`, for the code under test. */
  static readonly asWebSocket = FakeSocket as unknown as typeof WebSocket;
  static get last(): FakeSocket {
    const socket = FakeSocket.made.at(-1);
    if (!socket) throw new Error('no socket was made');
    return socket;
  }

  readonly OPEN = 1;
  readonly url: string;
  readonly frames: string[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor(url: string) {
    this.url = url;
    FakeSocket.made.push(this);
  }

  send(frame: string): void {
    this.frames.push(frame);
  }

  close(): void {
    this.readyState = 3;
  }

  open(): void {
    this.readyState = this.OPEN;
    this.onopen?.();
  }

  drop(): void {
    this.readyState = 3;
    this.onclose?.();
  }

  /** Delivers one frame, as JSON unless it is a string or binary already. */
  deliver(frame: unknown): void {
    const isRaw = typeof frame === 'string' || frame instanceof ArrayBuffer;
    this.onmessage?.({ data: isRaw ? frame : JSON.stringify(frame) });
  }

  /** Every message that was sent, in order. */
  get messages(): Message[] {
    return this.frames.flatMap((frame) => JSON.parse(frame) as Message | Message[]);
  }

  /** The newest message of a type. */
  sent(type: string, to?: string): Message {
    const message = this.messages.findLast((each) => each.type === type && (!to || each.to === to));
    if (!message) throw new Error(`no ${type} was sent`);
    return message;
  }
}
