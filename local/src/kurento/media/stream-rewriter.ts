export interface StreamPosition {
  readonly ssrc: number;
  readonly sequenceNumber: number;
  readonly timestamp: number;
}

/**
 * Makes one continuous RTP stream of what a subscriber is sent, whichever publisher it comes from and
 * however long it was paused: a gap in the numbering would look like loss and be asked for again.
 */
export class StreamRewriter {
  private readonly clockRate: number;
  private readonly now: () => number;
  private source: number | undefined;
  private interrupted = false;
  private sequenceOffset = 0;
  private timestampOffset = 0;
  private last: { readonly sequenceNumber: number; readonly timestamp: number; readonly at: number } | undefined;

  constructor(clockRate: number, now: () => number) {
    this.clockRate = clockRate;
    this.now = now;
  }

  /** The packets that follow continue the numbering although packets before them were not sent. */
  interrupt(): void {
    this.interrupted = true;
  }

  next(packet: StreamPosition): { sequenceNumber: number; timestamp: number } {
    const at = this.now();
    if (this.last && (this.interrupted || packet.ssrc !== this.source)) this.splice(packet, this.last, at);
    this.source = packet.ssrc;
    this.interrupted = false;
    const sequenceNumber = (packet.sequenceNumber + this.sequenceOffset) & 0xffff;
    const timestamp = (packet.timestamp + this.timestampOffset) >>> 0;
    if (!this.last || isNewer(sequenceNumber, this.last.sequenceNumber)) this.last = { sequenceNumber, timestamp, at };
    return { sequenceNumber, timestamp };
  }

  private splice(packet: StreamPosition, last: NonNullable<StreamRewriter['last']>, at: number): void {
    this.sequenceOffset = last.sequenceNumber + 1 - packet.sequenceNumber;
    // A paused source kept its clock running, so its own timestamps still tell the truth.
    if (packet.ssrc === this.source) return;
    const elapsed = Math.max(1, Math.round(((at - last.at) * this.clockRate) / 1000));
    this.timestampOffset = last.timestamp + elapsed - packet.timestamp;
  }
}

function isNewer(sequenceNumber: number, than: number): boolean {
  const distance = (sequenceNumber - than) & 0xffff;
  return distance > 0 && distance < 0x8000;
}
