import nodeCrypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';
import type { Scheduler, Task } from './scheduler.ts';

/** When every simulation begins. */
export const BEGINNING = Date.UTC(2026, 0, 1);

const RealDate = Date;

type Run = (...args: unknown[]) => void;

/** What `setTimeout` gives, as Node has it. */
class Timer {
  #task: Task;
  constructor(task: Task) {
    this.#task = task;
  }
  set task(task: Task) {
    this.#task = task;
  }
  cancel(): void {
    this.#task.cancel();
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
}

function timers(scheduler: Scheduler) {
  const cancel = (timer: unknown) => {
    if (timer instanceof Timer) timer.cancel();
  };
  const later = (run: Run, ms = 0, ...args: unknown[]) =>
    new Timer(scheduler.after(Math.max(1, ms), 'timer', () => run(...args)));
  return {
    setTimeout: later,
    clearTimeout: cancel,
    setInterval: (run: Run, ms = 0, ...args: unknown[]) => {
      const again = () => {
        timer.task = scheduler.after(Math.max(1, ms), 'interval', again);
        run(...args);
      };
      const timer = new Timer(scheduler.after(Math.max(1, ms), 'interval', again));
      return timer;
    },
    clearInterval: cancel,
    setImmediate: (run: Run, ...args: unknown[]) => new Timer(scheduler.after(0, 'immediate', () => run(...args))),
    clearImmediate: cancel,
  };
}

/** `node:timers/promises`' one. */
function delays(scheduler: Scheduler) {
  return <T>(ms: number, value?: T, { signal }: { signal?: AbortSignal } = {}): Promise<T | undefined> =>
    new Promise((resolve, reject) => {
      const abort = () => {
        task.cancel();
        reject(signal?.reason);
      };
      const task = scheduler.after(ms, 'delay', () => {
        signal?.removeEventListener('abort', abort);
        resolve(value);
      });
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
}

function dateOf(now: () => number): DateConstructor {
  class SimulatedDate extends RealDate {
    constructor(...given: [] | [number | string | Date]) {
      if (given.length === 0) super(now());
      else super(given[0]);
    }
    static override now(): number {
      return now();
    }
  }
  return SimulatedDate as unknown as DateConstructor;
}

/** Where an error comes from, as it is or as JSON: that depends on who plays. */
const STACK = /(?:\n|\\n) +at .*/s;

/** Puts time, chance and what else a process would ask its platform for under the scheduler, until the returned function is called. */
export function installGlobals(scheduler: Scheduler, stubs: Readonly<Record<string, unknown>>): () => void {
  const { random } = scheduler;
  const clock = () => Math.floor(BEGINNING + scheduler.now + scheduler.current.skew);
  const say =
    (level: string) =>
    (...words: unknown[]) =>
      scheduler.note(`${level} ${words.map(String).join(' ').replace(STACK, '')}`);
  const page = (method: 'addEventListener' | 'removeEventListener' | 'dispatchEvent') => {
    return (...args: unknown[]) => Reflect.apply(scheduler.current.page[method], scheduler.current.page, args);
  };
  const undo = [
    replaceAll(globalThis, {
      ...timers(scheduler),
      Date: dateOf(clock),
      performance: { timeOrigin: BEGINNING, now: () => scheduler.now + scheduler.current.skew },
      addEventListener: page('addEventListener'),
      removeEventListener: page('removeEventListener'),
      dispatchEvent: page('dispatchEvent'),
      ...stubs,
    }),
    replaceAll(Math, { random: () => random.next() }),
    replaceAll(globalThis.crypto, { randomUUID: () => random.uuid() }),
    replaceAll(nodeCrypto, { randomUUID: () => random.uuid() }),
    replaceAll(timersPromises, { setTimeout: delays(scheduler) }),
    // By which the functions log, past the console.
    replaceAll(process.stdout, { write: (text: string) => say('log')(text.trimEnd()) ?? true }),
    replaceAll(console, { log: say('log'), error: say('error'), warn: say('warn'), info: say('info') }),
  ];
  syncBuiltinESMExports();
  return () => {
    for (const restore of undo) restore();
    syncBuiltinESMExports();
  };
}

function replaceAll(target: object, replacements: Readonly<Record<string, unknown>>): () => void {
  const before = Object.keys(replacements).map(
    (name) => [name, Object.getOwnPropertyDescriptor(target, name)] as const,
  );
  for (const [name, value] of Object.entries(replacements)) {
    Object.defineProperty(target, name, { value, configurable: true, writable: true });
  }
  return () => {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(target, name, descriptor);
      else Reflect.deleteProperty(target, name);
    }
  };
}
