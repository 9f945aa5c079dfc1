const dataOpcodes = [0x0, 0x1, 0x2];

/**
 * Follows the frame headers of a WebSocket byte stream from a client. `ws` hands over whole messages, but API Gateway
 * limits single frames.
 */
export class FrameLengths {
  readonly #onDataFrame: (payloadLength: number) => void;
  readonly #header: number[] = [];
  #bytesToSkip = 0;

  constructor(onDataFrame: (payloadLength: number) => void) {
    this.#onDataFrame = onDataFrame;
  }

  push(chunk: Uint8Array): void {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#bytesToSkip > 0) {
        const skipped = Math.min(this.#bytesToSkip, chunk.length - offset);
        this.#bytesToSkip -= skipped;
        offset += skipped;
      } else {
        this.#pushHeaderByte(chunk[offset] ?? 0);
        offset += 1;
      }
    }
  }

  #pushHeaderByte(byte: number): void {
    this.#header.push(byte);
    const [opcodeByte = 0, lengthByte] = this.#header;
    if (lengthByte === undefined) return;
    const shortLength = lengthByte & 0x7f;
    const lengthBytes = shortLength === 127 ? 8 : shortLength === 126 ? 2 : 0;
    const maskBytes = lengthByte & 0x80 ? 4 : 0;
    if (this.#header.length < 2 + lengthBytes + maskBytes) return;
    const extended = this.#header.slice(2, 2 + lengthBytes);
    const payloadLength = lengthBytes === 0 ? shortLength : extended.reduce((length, next) => length * 256 + next, 0);
    this.#header.length = 0;
    this.#bytesToSkip = payloadLength;
    if (dataOpcodes.includes(opcodeByte & 0x0f)) this.#onDataFrame(payloadLength);
  }
}
