/** Five RTCP intervals of five seconds: when RFC 3550 lets a participant time out, and Kurento does. */
const TIMEOUT_MS = 25_000;

/** Follows the peer's RTCP reports: what Kurento calls the media state. */
export class ReportWatch {
  private readonly changed: (connected: boolean) => void;
  private timer: NodeJS.Timeout | undefined;

  constructor(changed: (connected: boolean) => void) {
    this.changed = changed;
  }

  get connected(): boolean {
    return this.timer !== undefined;
  }

  report(): void {
    if (this.timer) {
      this.timer.refresh();
      return;
    }
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.changed(false);
    }, TIMEOUT_MS);
    this.changed(true);
  }

  close(): void {
    clearTimeout(this.timer);
  }
}
