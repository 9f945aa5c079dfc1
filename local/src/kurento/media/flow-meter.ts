/** Kurento looks at each stream every two seconds, so that a stop shows after two to four. */
const CHECK_INTERVAL_MS = 2000;

/** Tells when packets of one stream start and cease to flow. */
export class FlowMeter {
  private readonly changed: (flowing: boolean) => void;
  private timer: NodeJS.Timeout | undefined;
  private seen = false;
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
    this.timer ??= setInterval(() => this.check(), CHECK_INTERVAL_MS);
    this.changed(true);
  }

  close(): void {
    clearInterval(this.timer);
  }

  private check(): void {
    if (this.current && !this.seen) {
      this.current = false;
      this.changed(false);
    }
    this.seen = false;
  }
}
