import type { Clock } from './clock.ts';

/** The quotas of API Gateway, how Lambda tries again, and two sizes of the emulator's own. */
export interface Limits {
  readonly frameBytes: number;
  readonly messageBytes: number;
  readonly idleMs: number;
  readonly connectionMs: number;
  readonly integrationMs: number;
  readonly httpIntegrationMs: number;
  readonly httpBodyBytes: number;
  readonly authorizerContextBytes: number;
  readonly newConnectionsPerSecond: number;
  /** Messages up, calls of the management API and of the HTTP API together. */
  readonly requestsPerSecond: number;
  readonly requestBurst: number;
  /** Before an asynchronous invocation that failed is tried again; the next wait is twice as long. */
  readonly asyncRetryMs: number;
  /** Beyond this many sandboxes of a function, events wait: the laptop is not a region. */
  readonly sandboxesPerFunction: number;
  readonly ttlSweepMs: number;
}

export const awsLimits: Limits = {
  frameBytes: 32 * 1024,
  messageBytes: 128 * 1024,
  idleMs: 10 * 60 * 1000,
  connectionMs: 2 * 60 * 60 * 1000,
  integrationMs: 29_000,
  httpIntegrationMs: 30_000,
  httpBodyBytes: 10 * 1024 * 1024,
  authorizerContextBytes: 8 * 1024,
  newConnectionsPerSecond: 500,
  requestsPerSecond: 10_000,
  requestBurst: 5_000,
  asyncRetryMs: 60_000,
  sandboxesPerFunction: 8,
  ttlSweepMs: 60_000,
};

/** A token bucket. */
export class Throttle {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #filledAt: number;

  constructor(clock: Clock, perSecond: number, burst: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#filledAt = clock.now();
  }

  /** Whether one more request is admitted now. */
  admit(): boolean {
    const now = this.#clock.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) * this.#perSecond) / 1000);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** What a stage admits of each of its routes. */
export interface RouteThrottling {
  readonly perSecond: number;
  readonly burst: number;
}

/** The requests of a stage: each route has the stage's limits, and all have those of the account together. */
export class StageThrottle {
  readonly #account: Throttle;
  readonly #newRoute: () => Throttle | undefined;
  readonly #routes = new Map<string, Throttle | undefined>();

  constructor(account: Throttle, clock: Clock, throttling: RouteThrottling | undefined) {
    this.#account = account;
    this.#newRoute = () => throttling && new Throttle(clock, throttling.perSecond, throttling.burst);
  }

  admit(routeKey: string): boolean {
    return this.#ofRoute(routeKey)?.admit() !== false && this.#account.admit();
  }

  /** In the account new connections have a quota of their own. */
  admitConnection(): boolean {
    return this.#ofRoute('$connect')?.admit() !== false;
  }

  #ofRoute(routeKey: string): Throttle | undefined {
    if (!this.#routes.has(routeKey)) this.#routes.set(routeKey, this.#newRoute());
    return this.#routes.get(routeKey);
  }
}
