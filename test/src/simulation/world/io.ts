import type { Process } from './time/process.ts';
import type { Scheduler } from './time/scheduler.ts';
import type { Weather } from './weather.ts';

/** Least and most milliseconds. */
export type Span = readonly [least: number, most: number];

/** When the last request of a connection arrives: none overtakes it. */
export interface Order {
  last: number;
}

/** Whatever takes time because it leaves the process. */
export class Io {
  readonly scheduler: Scheduler;
  readonly weather: Weather;

  constructor(scheduler: Scheduler, weather: Weather) {
    this.scheduler = scheduler;
    this.weather = weather;
  }

  delay([least, most]: Span): number {
    const { random } = this.scheduler;
    const { chance, factor } = this.weather.slow;
    const usual = random.between(least, most);
    return random.chance(chance) ? usual * factor : usual;
  }

  /** A request and its response. Neither a process that has ended before hears of it, nor what it asks for later happens. */
  call<T>(what: string, span: Span, perform: () => T, order?: Order): Promise<T> {
    const { scheduler } = this;
    const owner = scheduler.current;
    return new Promise((resolve, reject) => {
      if (!owner.alive) return;
      const back = (settle: () => void) => scheduler.after(this.delay(span) / 2, `${what} ✓`, settle, owner);
      const arrive = () => {
        try {
          const value = perform();
          back(() => resolve(value));
        } catch (error) {
          back(() => reject(error));
        }
      };
      const at = Math.max(order?.last ?? 0, scheduler.now + this.delay(span) / 2);
      if (order) order.last = at;
      scheduler.after(at - scheduler.now, what, arrive, scheduler.world);
    });
  }

  /** Ends a function's process at one of its requests, now and then. */
  mayKill(owner: Process): void {
    if (owner.alive && this.scheduler.random.chance(this.weather.killedFunction)) {
      this.scheduler.note(`${owner.name} is killed`);
      owner.kill();
    }
  }
}
