import { randomBytes, randomUUID } from 'node:crypto';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { FunctionDefinition } from './function-definitions.ts';
import { region } from './identities.ts';
import type { MeteredInvocation } from './metrics.ts';
import type { Statement } from './permissions.ts';
import type { Credentials } from './signature.ts';

export type InvocationOutcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly errorType: string; readonly errorMessage: string };

/** What the gateway makes of a function that it no longer waits for. */
export const integrationTimeout = {
  ok: false,
  errorType: 'IntegrationTimeout',
  errorMessage: 'Endpoint request timed out',
} as const satisfies InvocationOutcome;

/** The emulator was closed. */
export const stopped = {
  ok: false,
  errorType: 'Sandbox.Stopped',
  errorMessage: 'the sandbox was stopped',
} as const satisfies InvocationOutcome;

export interface SandboxOptions {
  readonly definition: FunctionDefinition;
  readonly codeFolder: string;
  /** Where the services listen. */
  readonly endpoint: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly log: (functionName: string, line: string) => void;
}

type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'round-trip' }
  | { readonly kind: 'returned'; readonly value: string }
  | { readonly kind: 'threw'; readonly errorType: string; readonly errorMessage: string; readonly stack?: string };

const workerFile = new URL('./sandbox-worker.cjs', import.meta.url);

/** One execution environment of a function: a worker thread which handles one event at a time until it dies. */
export class Sandbox {
  /** Its own, so that a call can be attributed to the invocation in flight here. */
  readonly credentials: Credentials;
  /** Settles when the function's module is loaded, or could not be. */
  readonly started: Promise<void>;
  #invocation: MeteredInvocation | undefined;
  #settle: ((outcome: InvocationOutcome) => void) | undefined;
  #failure: InvocationOutcome | undefined;
  readonly #worker: Worker;
  readonly #options: SandboxOptions;

  constructor(options: SandboxOptions) {
    this.#options = options;
    this.credentials = {
      accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString('base64url'),
    };
    const [file, exportName] = options.definition.handler.split('.');
    this.#worker = new Worker(workerFile, {
      workerData: { entry: join(options.codeFolder, `${file}.js`), exportName },
      env: this.#environment(),
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: options.definition.memoryMb },
    });
    this.#forwardLines(this.#worker.stdout);
    this.#forwardLines(this.#worker.stderr);
    this.started = new Promise((resolve, reject) => {
      this.#worker.once('message', () => resolve());
      this.#worker.once('exit', () => reject(new Error(`${options.definition.name}: ${this.#describeFailure()}`)));
    });
    this.started.catch(() => {});
    this.#worker.on('message', (message: WorkerMessage) => this.#receive(message));
    this.#worker.on('error', (error) => this.#fail(error.name, error.message));
    this.#worker.on('exit', (code) => this.#fail('Runtime.ExitError', `the runtime exited with status ${code}`));
  }

  /** The invocation in flight. */
  get invocation(): MeteredInvocation | undefined {
    return this.#invocation;
  }

  get permissions(): readonly Statement[] {
    return this.#options.definition.permissions;
  }

  get dead(): boolean {
    return this.#failure !== undefined;
  }

  /** Never rejects: whatever goes wrong in here is the function's error. */
  async invoke(event: unknown, invocation: MeteredInvocation): Promise<InvocationOutcome> {
    if (this.#failure !== undefined) return this.#failure;
    const { definition } = this.#options;
    this.#invocation = invocation;
    const timer = setTimeout(() => this.#timeOut(), definition.timeoutMs);
    const outcome = await new Promise<InvocationOutcome>((resolve) => {
      this.#settle = resolve;
      this.#worker.postMessage({ event: JSON.stringify(event), context: this.#contextOfInvocation() });
    });
    clearTimeout(timer);
    this.#invocation = undefined;
    return outcome;
  }

  async stop(): Promise<void> {
    this.#fail(stopped.errorType, stopped.errorMessage);
    await this.#worker.terminate();
  }

  #timeOut(): void {
    const { timeoutMs } = this.#options.definition;
    this.#fail('Sandbox.Timedout', `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`);
    void this.#worker.terminate();
  }

  #receive(message: WorkerMessage): void {
    if (message.kind === 'round-trip') this.#invocation?.roundTrip();
    if (message.kind === 'returned') this.#finish({ ok: true, value: JSON.parse(message.value) });
    if (message.kind === 'threw') {
      const { errorType, errorMessage } = message;
      this.#options.log(this.#options.definition.name, message.stack ?? `${errorType}: ${errorMessage}`);
      this.#finish({ ok: false, errorType, errorMessage });
    }
  }

  #fail(errorType: string, errorMessage: string): void {
    if (this.#failure !== undefined) return;
    this.#failure = { ok: false, errorType, errorMessage };
    if (errorType !== stopped.errorType) this.#options.log(this.#options.definition.name, this.#describeFailure());
    this.#finish(this.#failure);
  }

  #finish(outcome: InvocationOutcome): void {
    this.#settle?.(outcome);
    this.#settle = undefined;
  }

  #describeFailure(): string {
    const failure = this.#failure;
    return failure?.ok === false ? `${failure.errorType}: ${failure.errorMessage}` : 'running';
  }

  #contextOfInvocation() {
    const { physicalName, arn, memoryMb, timeoutMs } = this.#options.definition;
    return {
      requestId: randomUUID(),
      deadline: Date.now() + timeoutMs,
      functionName: physicalName,
      functionArn: arn,
      memoryMb,
    };
  }

  #environment(): Record<string, string> {
    const { definition, environment, endpoint, codeFolder } = this.#options;
    return {
      ...environment,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: this.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: this.credentials.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_ENDPOINT_URL_EVENTBRIDGE: endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
      // The developer's own profile must not leak into a function.
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_LAMBDA_FUNCTION_NAME: definition.physicalName,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${definition.physicalName}`,
      AWS_LAMBDA_LOG_STREAM_NAME: this.credentials.accessKeyId,
      LAMBDA_TASK_ROOT: codeFolder,
      _HANDLER: definition.handler,
      // The functions deploy on a Node of their own.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      TZ: 'UTC',
    };
  }

  #forwardLines(stream: Readable): void {
    createInterface({ input: stream }).on('line', (line) => {
      this.#options.log(this.#options.definition.name, line);
    });
  }
}
