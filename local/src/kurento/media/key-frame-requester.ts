/** Browsers ignore key-frame requests that follow one another faster than this. */
const MIN_INTERVAL_MS = 300;

/** Throttles key-frame requests: one at once, and one more at the end of the interval if any came in it. */
export class KeyFrameRequester {
  private readonly send: () => void;
  private timer: NodeJS.Timeout | undefined;
  private pending = false;

  constructor(send: () => void) {
    this.send = send;
  }

  request(): void {
    if (this.timer) {
      this.pending = true;
      return;
    }
    this.send();
    this.timer = setTimeout(() => this.intervalOver(), MIN_INTERVAL_MS);
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private intervalOver(): void {
    this.timer = undefined;
    if (!this.pending) return;
    this.pending = false;
    this.request();
  }
}
