/** Kurento looks at each stream every two seconds, so that a stop shows after two to four. */
const CHECK_INTERVAL_MS = 2000;
/** Who looks that much too late has been held up itself, and packets wait that it has not read yet. */
const HELD_UP_MS = 500;

/** Tells when packets of one stream start and cease to flow. */
export class FlowMeter {
  private readonly changed: (flowing: boolean) => void;
  private timer: NodeJS.Timeout | undefined;
  private seen = false;
  private looked = 0;
  private current = false;

  constructor(changed: (flowing: boolean) => void) {
    this.changed = changed;
  }

  get flowing(): boolean {
    return this.current;
  }

  packet(): void {
    this.seen = true;
    if (this.current) return;
    this.current = true;
    this.looked = performance.now();
    this.timer ??= setInterval(() => this.check(), CHECK_INTERVAL_MS);
    this.changed(true);
  }

  close(): void {
    clearInterval(this.timer);
  }

  private check(): void {
    const now = performance.now();
    const isHeldUp = now - this.looked > CHECK_INTERVAL_MS + HELD_UP_MS;
    this.looked = now;
    if (this.current && !this.seen && !isHeldUp) {
      this.current = false;
      this.changed(false);
    }
    this.seen = false;
  }
}
