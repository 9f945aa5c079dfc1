/** Which devices there are, kept up to date from `start` to `stop`. */
export class DeviceList {
  readonly #devices: MediaDevices | undefined;
  readonly #onChange: () => void;
  #list: readonly MediaDeviceInfo[] = [];
  #reading = 0;
  #isStarted = false;

  constructor(devices: MediaDevices | undefined, onChange: () => void) {
    this.#devices = devices;
    this.#onChange = onChange;
  }

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#devices?.addEventListener('devicechange', this.#read);
    void this.read();
  }

  stop(): void {
    this.#isStarted = false;
    this.#devices?.removeEventListener('devicechange', this.#read);
  }

  /** Before the user has allowed any, browsers tell of none, or of some without id and label: those are left out. */
  of(kind: MediaDeviceKind): readonly MediaDeviceInfo[] {
    return this.#list.filter((device) => device.kind === kind);
  }

  async read(): Promise<void> {
    this.#reading += 1;
    const reading = this.#reading;
    // A page that may not know gets no list, and needs none.
    const all = (await this.#devices?.enumerateDevices().catch(() => [])) ?? [];
    // Of two that are under way, the older may come last.
    if (reading !== this.#reading) return;
    const list = all.filter(({ deviceId }) => deviceId !== '');
    if (isSame(list, this.#list)) return;
    this.#list = list;
    this.#onChange();
  }

  readonly #read = () => void this.read();
}

function isSame(some: readonly MediaDeviceInfo[], others: readonly MediaDeviceInfo[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ kind, deviceId, label }, index) => {
      const other = others[index];
      return other?.kind === kind && other.deviceId === deviceId && other.label === label;
    })
  );
}
