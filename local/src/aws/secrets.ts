import { randomBytes } from 'node:crypto';
import type { SecretDefinition } from './deployment.ts';
import { type Request, type Response, ServiceError } from './dynalite.ts';

/** Secrets Manager, as far as a function reads a secret there. */
export class Secrets {
  readonly #definitions: readonly SecretDefinition[];
  readonly tokenSecret: string;
  /** By name. */
  readonly values: Readonly<Record<string, string>>;

  constructor(definitions: readonly SecretDefinition[], tokenSecret: string = generate()) {
    this.#definitions = definitions;
    this.tokenSecret = tokenSecret;
    this.values = Object.fromEntries(
      definitions.map(({ name }) => [name, name === 'tokenSecret' ? tokenSecret : generate()]),
    );
  }

  run(operation: string, request: Request): Response {
    if (operation !== 'GetSecretValue') {
      throw new ServiceError(400, { __type: 'UnknownOperationException', message: `${operation} is not emulated` });
    }
    const wanted = String(request.SecretId);
    const found = this.#definitions.find(({ arn, physicalName }) => [arn, physicalName].includes(wanted));
    if (found === undefined) {
      throw new ServiceError(400, {
        __type: 'ResourceNotFoundException',
        message: "Secrets Manager can't find the specified secret.",
      });
    }
    return {
      ARN: found.arn,
      Name: found.physicalName,
      SecretString: this.values[found.name],
      VersionId: '00000000-0000-4000-8000-000000000000',
      VersionStages: ['AWSCURRENT'],
    };
  }
}

function generate(): string {
  return randomBytes(48).toString('base64url');
}
