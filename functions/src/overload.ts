import { Code, Refusal } from '@hyperroom/protocol';

/* What is refused because there is too much of it at the moment, and when it is worth asking again. */

const THROTTLED = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** What AWS answers to too many requests, after the SDK has repeated them as often as its budget allows. By name or by status: emulators get one or the other right. */
export function isThrottled(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = '$metadata' in error && (error.$metadata as { httpStatusCode?: number }).httpStatusCode;
  return status === 429 || THROTTLED.has(error.name);
}

export function overloaded(): Refusal {
  return new Refusal(Code.tooFast, 'too much at the moment: try again later');
}

/** What AWS throttles is a refusal of ours; anything else is what it is. */
export function asRefusal(thrown: unknown): unknown {
  return isThrottled(thrown) ? overloaded() : thrown;
}

/** Seconds after which what will pass is worth another try: not everybody's the same, or all would come back at once. */
export function retryAfter({ code, details }: Refusal): Refusal['details'] {
  if (code !== Code.tooFast && code !== Code.noMediaNode) return details;
  return { retryAfter: spread(1), ...details };
}

/** Half as long up to half as long again. */
export function spread(seconds: number): number {
  return Math.round(seconds * (500 + Math.random() * 1_000)) / 1_000;
}
