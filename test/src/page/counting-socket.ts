/** A WebSocket that counts the frames on it. */
export class CountingSocket extends WebSocket {
  up = 0;
  down = 0;

  constructor(url: string | URL) {
    super(url);
    this.addEventListener('message', () => {
      this.down += 1;
    });
  }

  override send(data: string): void {
    this.up += 1;
    super.send(data);
  }
}
