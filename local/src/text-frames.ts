const CONTINUATION = 0x0;
const TEXT = 0x1;
const HANDSHAKE_END = '\r\n\r\n';

/** Reads the text messages out of one direction of a WebSocket's bytes, its HTTP handshake included. */
export class TextFrames {
  readonly #onText: (text: string) => void;
  #isOpen = false;
  #bytes: Buffer = Buffer.alloc(0);
  #fragments: Buffer[] = [];

  constructor(onText: (text: string) => void) {
    this.#onText = onText;
  }

  push(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    if (!this.#isOpen) this.#readHandshake();
    if (this.#isOpen) this.#readFrames();
  }

  #readHandshake(): void {
    const end = this.#bytes.indexOf(HANDSHAKE_END);
    if (end < 0) return;
    this.#bytes = this.#bytes.subarray(end + HANDSHAKE_END.length);
    this.#isOpen = true;
  }

  #readFrames(): void {
    for (let frame = frameIn(this.#bytes); frame; frame = frameIn(this.#bytes)) {
      this.#bytes = this.#bytes.subarray(frame.length);
      this.#take(frame);
    }
  }

  #take({ opcode, isLast, payload }: Frame): void {
    // Pings come between the fragments of a message.
    if (opcode !== TEXT && opcode !== CONTINUATION) return;
    this.#fragments.push(payload);
    if (!isLast) return;
    const text = Buffer.concat(this.#fragments).toString();
    this.#fragments = [];
    this.#onText(text);
  }
}

interface Frame {
  readonly opcode: number;
  readonly isLast: boolean;
  readonly payload: Buffer;
  /** With its header. */
  readonly length: number;
}

/** The first frame, once all of it is there. */
function frameIn(bytes: Buffer): Frame | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const short = second & 0x7f;
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  const maskBytes = second & 0x80 ? 4 : 0;
  const start = 2 + lengthBytes + maskBytes;
  if (bytes.length < start) return undefined;
  const size = lengthBytes === 8 ? Number(bytes.readBigUInt64BE(2)) : lengthBytes === 2 ? bytes.readUInt16BE(2) : short;
  const length = start + size;
  if (bytes.length < length) return undefined;
  const payload = unmasked(bytes.subarray(start, length), bytes.subarray(start - maskBytes, start));
  return { opcode: first & 0x0f, isLast: (first & 0x80) !== 0, payload, length };
}

function unmasked(payload: Buffer, mask: Buffer): Buffer {
  if (mask.length === 0) return payload;
  return Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
}
