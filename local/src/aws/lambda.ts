import type { Callers } from './callers.ts';
import type { FunctionDefinition } from './function-definitions.ts';
import type { Meter, MeteredInvocation } from './metrics.ts';
import { type InvocationOutcome, Sandbox, type SandboxOptions, stopped } from './sandbox.ts';
import { moment, type Witness } from './witness.ts';

/** On whose account a function runs. */
export interface Cause {
  /** Absent if no client's connection is behind it. */
  readonly connectionId?: string;
  /** The route of an API, or the detail type of an event. */
  readonly routeKey: string;
}

export type Invoke = (definition: FunctionDefinition, event: unknown, cause: Cause) => Promise<InvocationOutcome>;

interface Waiting {
  readonly invocation: MeteredInvocation;
  readonly take: (sandbox: Sandbox | undefined) => void;
}

export interface LambdaOptions extends SandboxOptions {
  readonly meter: Meter;
  readonly maxSandboxes: number;
  readonly callers: Callers;
  readonly witness: Witness;
}

/** A function and its sandboxes: an event goes to an idle one, and if none is, another one is started. */
export class Lambda {
  readonly definition: FunctionDefinition;
  readonly #options: LambdaOptions;
  readonly #sandboxes = new Set<Sandbox>();
  readonly #idle: Sandbox[] = [];
  readonly #waiting: Waiting[] = [];
  #starting = 0;
  #closed = false;

  constructor(options: LambdaOptions) {
    this.definition = options.definition;
    this.#options = options;
  }

  /** Starts a sandbox ahead of the first event. */
  async warm(): Promise<void> {
    const sandbox = this.#create();
    await sandbox.started;
    this.#idle.push(sandbox);
  }

  async invoke(event: unknown, cause: Cause): Promise<InvocationOutcome> {
    const at = moment();
    const invocation = this.#options.meter.begin({ function: this.definition.name, ...cause });
    const sandbox = await this.#acquire(invocation);
    if (sandbox === undefined) return stopped;
    const outcome = await sandbox.invoke(event, invocation);
    const error = outcome.ok ? undefined : outcome.errorType;
    invocation.end(error);
    this.#tell(at, invocation, event, cause, error);
    this.#release(sandbox);
    return outcome;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { take } of this.#waiting.splice(0)) take(undefined);
    await Promise.all([...this.#sandboxes].map((sandbox) => sandbox.stop()));
  }

  #tell(at: number, invocation: MeteredInvocation, event: unknown, cause: Cause, error: string | undefined): void {
    const { connectionId, routeKey } = cause;
    const { isCold: cold } = invocation;
    const of = { function: this.definition.name, connectionId, routeKey };
    this.#options.witness({ kind: 'invocation', at, ms: moment() - at, invocation, ...of, cold, event, error });
  }

  /** Undefined if there will be none any more. */
  #acquire(invocation: MeteredInvocation): Promise<Sandbox | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.dead) return Promise.resolve(idle);
      this.#discard(idle);
    }
    return new Promise((take) => {
      this.#waiting.push({ invocation, take });
      this.#startIfNeeded();
    });
  }

  // A waiting event takes whichever comes first, the new sandbox or one that becomes idle meanwhile.
  #startIfNeeded(): void {
    const { maxSandboxes } = this.#options;
    if (this.#closed || this.#waiting.length <= this.#starting || this.#sandboxes.size >= maxSandboxes) return;
    this.#starting += 1;
    const sandbox = this.#create();
    sandbox.started.then(
      () => this.#startEnded(sandbox),
      () => this.#startEnded(sandbox),
    );
  }

  #startEnded(sandbox: Sandbox): void {
    this.#starting -= 1;
    const next = this.#waiting.shift();
    next?.invocation.coldStart();
    // One that failed to start is handed over too: it answers with its failure.
    if (next !== undefined) next.take(sandbox);
    else this.#release(sandbox);
  }

  #release(sandbox: Sandbox): void {
    if (sandbox.dead) {
      this.#discard(sandbox);
      this.#startIfNeeded();
      return;
    }
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(sandbox);
    else next.take(sandbox);
  }

  #create(): Sandbox {
    const sandbox = new Sandbox(this.#options);
    this.#sandboxes.add(sandbox);
    this.#options.callers.add(sandbox);
    return sandbox;
  }

  #discard(sandbox: Sandbox): void {
    this.#sandboxes.delete(sandbox);
    this.#options.callers.remove(sandbox);
  }
}
