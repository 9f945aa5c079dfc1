export type DeployErrorCode =
  | 'endpoint-not-local'
  | 'endpoint-silent'
  | 'deployment-failed'
  | 'api-not-found'
  | 'signalling-unreachable';

/** Why nothing was deployed, or what was deployed cannot be used; the message says what to do. */
export class DeployError extends Error {
  override readonly name = 'DeployError';
  readonly code: DeployErrorCode;

  constructor(code: DeployErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
