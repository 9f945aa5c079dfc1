import {
  AutoScalingClient,
  CompleteLifecycleActionCommand,
  RecordLifecycleActionHeartbeatCommand,
} from '@aws-sdk/client-auto-scaling';
import { type Log, reasonOf } from './log.ts';
import { delay } from './timers.ts';

/** Who ends this node's host, and waits until its calls are elsewhere. */
export interface Terminations {
  /** Resolves when the host is to go; rejects when aborted. */
  announced(signal: AbortSignal): Promise<void>;
  /** It will take longer. */
  postpone(): Promise<void>;
  /** The host may go. */
  complete(): Promise<void>;
}

export interface AutoScalingOptions {
  /** The Auto Scaling group, and its hook that waits. */
  group: string;
  hook: string;
  region: string;
  /** Of the instance's metadata (IMDS). */
  metadataEndpoint: string;
  /** Milliseconds between two looks. */
  intervalMs?: number;
  log: Log;
}

/** Milliseconds between two looks: of the minutes that a drain takes. */
const LOOK_INTERVAL = 5_000;
const METADATA_TIMEOUT = 2_000;
const METADATA_TOKEN_SECONDS = 60;

/** An instance of an Auto Scaling group reads in its own metadata that it is to go; a lifecycle hook waits for its word. */
export class AutoScalingTerminations implements Terminations {
  readonly #options: AutoScalingOptions;
  readonly #client: AutoScalingClient;

  constructor(options: AutoScalingOptions) {
    this.#options = options;
    this.#client = new AutoScalingClient({ region: options.region });
  }

  async announced(signal: AbortSignal): Promise<void> {
    const { intervalMs = LOOK_INTERVAL, log } = this.#options;
    for (;;) {
      const state = await this.#metadata('autoscaling/target-lifecycle-state', signal).catch((error) => {
        signal.throwIfAborted();
        log.warn('instance metadata unread', { reason: reasonOf(error) });
      });
      if (state === 'Terminated') return;
      await delay(intervalMs, signal);
    }
  }

  async postpone(): Promise<void> {
    await this.#client.send(new RecordLifecycleActionHeartbeatCommand(await this.#action()));
  }

  async complete(): Promise<void> {
    const action = await this.#action();
    await this.#client.send(new CompleteLifecycleActionCommand({ ...action, LifecycleActionResult: 'CONTINUE' }));
  }

  async #action() {
    const { group, hook } = this.#options;
    const InstanceId = await this.#metadata('instance-id');
    return { AutoScalingGroupName: group, LifecycleHookName: hook, InstanceId };
  }

  /** By IMDSv2, which asks for a token first. Undefined: there is no such thing. */
  async #metadata(path: string, signal?: AbortSignal): Promise<string | undefined> {
    const base = `${this.#options.metadataEndpoint}/latest`;
    const ask = (url: string, init: RequestInit) => {
      const deadline = AbortSignal.timeout(METADATA_TIMEOUT);
      return fetch(url, { ...init, signal: signal ? AbortSignal.any([signal, deadline]) : deadline });
    };
    const lifetime = { 'x-aws-ec2-metadata-token-ttl-seconds': String(METADATA_TOKEN_SECONDS) };
    const token = await ask(`${base}/api/token`, { method: 'PUT', headers: lifetime });
    if (!token.ok) throw new Error(`no metadata token: ${token.status}`);
    const headers = { 'x-aws-ec2-metadata-token': await token.text() };
    const found = await ask(`${base}/meta-data/${path}`, { headers });
    if (found.status === 404) return undefined;
    if (!found.ok) throw new Error(`${path}: ${found.status}`);
    return (await found.text()).trim();
  }
}
