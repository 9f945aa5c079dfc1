import type { Io, Span } from './io.ts';

/** Longer than this, and a connection does not survive it. */
const TCP_GIVES_UP = 20_000;
const STEADY = 30_000;

/** How a host is connected to everything else. */
export class Network {
  readonly #io: Io;
  readonly #healed: ((downFor: number) => void)[] = [];
  #downSince: number | undefined;
  #upSince = Number.NEGATIVE_INFINITY;
  #lives = 0;

  constructor(io: Io) {
    this.#io = io;
  }

  get isUp(): boolean {
    return this.#downSince === undefined;
  }

  get upSince(): number {
    return this.#upSince;
  }

  /** It has been up for half a minute. */
  get isSteady(): boolean {
    return this.isUp && this.#io.scheduler.now - this.#upSince > STEADY;
  }

  cut(): void {
    this.#downSince ??= this.#io.scheduler.now;
  }

  heal(): void {
    if (this.#downSince === undefined) return;
    const downFor = this.#io.scheduler.now - this.#downSince;
    this.#downSince = undefined;
    this.#upSince = this.#io.scheduler.now;
    for (const tell of this.#healed.splice(0)) tell(downFor);
  }

  /** It is another one that is up: what was connected through the one before is not. */
  replace(): void {
    this.#lives += 1;
    this.#downSince ??= this.#io.scheduler.now;
    this.#downSince -= TCP_GIVES_UP;
    this.heal();
  }

  /** Which of its networks it is on. */
  get life(): number {
    return this.#lives;
  }

  /** Once, when it is up again. */
  whenUp(then: (downFor: number) => void): void {
    this.#healed.push(then);
  }
}

/** One direction of a TCP connection: what is sent arrives in order, or, after too long an interruption, never. */
export class Stream {
  readonly #io: Io;
  readonly #network: Network;
  readonly #span: Span;
  readonly #broken: () => void;
  readonly #waiting: { what: string; arrive: () => void }[] = [];
  readonly #life: number;
  #last = 0;

  constructor(io: Io, network: Network, span: Span, broken: () => void) {
    this.#io = io;
    this.#network = network;
    this.#life = network.life;
    this.#span = span;
    this.#broken = broken;
  }

  send(what: string, arrive: () => void): void {
    if (this.#network.life !== this.#life) {
      this.#broken();
      return;
    }
    if (this.#network.isUp && this.#waiting.length === 0) {
      this.#schedule(what, arrive);
      return;
    }
    if (this.#waiting.push({ what, arrive }) > 1) return;
    this.#network.whenUp((downFor) => this.#resume(downFor));
  }

  #resume(downFor: number): void {
    const waiting = this.#waiting.splice(0);
    if (downFor > TCP_GIVES_UP) this.#broken();
    else for (const { what, arrive } of waiting) this.#schedule(what, arrive);
  }

  #schedule(what: string, arrive: () => void): void {
    const { scheduler } = this.#io;
    this.#last = Math.max(this.#last, scheduler.now + this.#io.delay(this.#span));
    const arriveOrWait = () => (this.#network.isUp ? arrive() : this.send(what, arrive));
    scheduler.after(this.#last - scheduler.now, what, arriveOrWait, scheduler.world);
  }
}
