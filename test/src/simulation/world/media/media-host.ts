import type { Io } from '../io.ts';
import { type KurentoEndpoint, KurentoServer } from './kurento.ts';

/** Where Kurento runs, is killed, hangs, and is started again. */
export class MediaHost {
  readonly name: string;
  readonly #io: Io;
  readonly #byFragment: Map<string, KurentoEndpoint>;
  readonly #changed = new Set<() => void>();
  #server: KurentoServer | undefined;
  #hangs = false;
  #lives = 0;

  constructor(name: string, io: Io, byFragment: Map<string, KurentoEndpoint>) {
    this.name = name;
    this.#io = io;
    this.#byFragment = byFragment;
  }

  /** Undefined while none runs. */
  get server(): KurentoServer | undefined {
    return this.#server;
  }

  get hangs(): boolean {
    return this.#hangs;
  }

  start(): void {
    if (this.#server) return;
    this.#server = new KurentoServer(`${this.name}.${++this.#lives}`, this.#io.scheduler, this.#byFragment);
    this.#tell(`${this.name} starts`);
  }

  crash(): void {
    this.#server?.end();
    this.#server = undefined;
    this.#tell(`${this.name} crashes`);
  }

  hang(): void {
    this.#hangs = true;
    this.#tell(`${this.name} hangs`);
  }

  goOn(): void {
    this.#hangs = false;
    this.#tell(`${this.name} goes on`);
  }

  /** Whoever is connected hears of crashes and starts, until the returned function is called. */
  watch(hear: () => void): () => void {
    this.#changed.add(hear);
    return () => this.#changed.delete(hear);
  }

  #tell(what: string): void {
    this.#io.scheduler.note(what);
    for (const hear of [...this.#changed]) hear();
  }
}
