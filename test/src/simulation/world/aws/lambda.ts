import type { Io } from '../io.ts';
import { Process } from '../time/process.ts';

/** What an invocation does with its event. */
export type Handler<E> = (event: E) => Promise<unknown>;

interface Sandbox<E> {
  readonly process: Process;
  readonly handler: Handler<E>;
}

const START = [5, 20] as const;
const COLD_START = [150, 600] as const;
const TIMEOUT = 15_000;

/** A Lambda function: a process for each of the invocations at one time, kept for later ones. */
export class SimulatedFunction<E> {
  readonly #name: string;
  readonly #io: Io;
  readonly #make: (process: Process) => Handler<E>;
  #atRest: Sandbox<E>[] = [];
  #count = 0;

  /** @param make starts a process: what it remembers, it remembers from one invocation to the next. */
  constructor(name: string, io: Io, make: (process: Process) => Handler<E>) {
    this.#name = name;
    this.#io = io;
    this.#make = make;
  }

  invoke(event: E, what: string): void {
    const { scheduler, weather } = this.#io;
    const cold = this.#atRest.length === 0 || scheduler.random.chance(weather.coldStart);
    const warm = cold ? undefined : this.#atRest.splice(scheduler.random.below(this.#atRest.length), 1)[0];
    const process = warm?.process ?? new Process(`${this.#name}-${++this.#count}`);
    if (!warm) process.skew = scheduler.random.between(-weather.skew, weather.skew);
    const run = () => this.#run(warm ?? { process, handler: this.#make(process) }, event);
    scheduler.after(this.#io.delay(warm ? START : COLD_START), `${warm ? '' : 'cold '}${what}`, run, process);
  }

  /** Ends all processes at rest: a new version is deployed. */
  deploy(): void {
    for (const { process } of this.#atRest) process.kill();
    this.#atRest = [];
  }

  #run(sandbox: Sandbox<E>, event: E): void {
    const { scheduler } = this.#io;
    const timeout = scheduler.after(TIMEOUT, 'timeout', () => sandbox.process.kill(), scheduler.world);
    const done = () => {
      timeout.cancel();
      if (sandbox.process.alive) this.#atRest.push(sandbox);
    };
    sandbox.handler(event).then(done, (error) => {
      scheduler.note(`${sandbox.process.name} failed: ${error}`);
      done();
    });
  }
}
