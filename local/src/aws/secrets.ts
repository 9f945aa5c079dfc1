import { randomBytes } from 'node:crypto';
import type { SecretDefinition } from './deployment.ts';
import { type Request, type Response, ServiceError } from './dynalite.ts';

/** Secrets Manager, as far as a function reads a secret there. */
export class Secrets {
  readonly #definitions: readonly SecretDefinition[];
  readonly value: string;

  constructor(definitions: readonly SecretDefinition[], value: string = randomBytes(48).toString('base64url')) {
    this.#definitions = definitions;
    this.value = value;
  }

  run(operation: string, request: Request): Response {
    if (operation !== 'GetSecretValue') {
      throw new ServiceError(400, { __type: 'UnknownOperationException', message: `${operation} is not emulated` });
    }
    const found = this.#definitions.find(({ arn, name }) => [arn, name].includes(String(request.SecretId)));
    if (found === undefined) {
      throw new ServiceError(400, {
        __type: 'ResourceNotFoundException',
        message: "Secrets Manager can't find the specified secret.",
      });
    }
    return {
      ARN: found.arn,
      Name: found.name,
      SecretString: this.value,
      VersionId: '00000000-0000-4000-8000-000000000000',
      VersionStages: ['AWSCURRENT'],
    };
  }
}
