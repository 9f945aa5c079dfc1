import { randomBytes } from 'node:crypto';
import type { MeteredInvocation } from './metrics.ts';
import { type Access, isAllowed } from './permissions.ts';
import type { Sandbox } from './sandbox.ts';
import type { Credentials } from './signature.ts';

/** Everyone whose signature the services accept: the sandboxes, and whoever was given the emulator's credentials. */
export class Callers {
  readonly credentials: Credentials = {
    accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64url'),
  };
  readonly #sandboxes = new Map<string, Sandbox>();

  add(sandbox: Sandbox): void {
    this.#sandboxes.set(sandbox.credentials.accessKeyId, sandbox);
  }

  remove(sandbox: Sandbox): void {
    this.#sandboxes.delete(sandbox.credentials.accessKeyId);
  }

  secretOf(accessKeyId: string): string | undefined {
    if (accessKeyId === this.credentials.accessKeyId) return this.credentials.secretAccessKey;
    return this.#sandboxes.get(accessKeyId)?.credentials.secretAccessKey;
  }

  /** The emulator's own credentials may do everything; a function, what its role may. */
  permits(accessKeyId: string, access: Access): boolean {
    const sandbox = this.#sandboxes.get(accessKeyId);
    return sandbox === undefined || isAllowed(sandbox.permissions, access);
  }

  /** What the caller is busy with, if it is a function. */
  invocationOf(accessKeyId: string): MeteredInvocation | undefined {
    return this.#sandboxes.get(accessKeyId)?.invocation;
  }
}
