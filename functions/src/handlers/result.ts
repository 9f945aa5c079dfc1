import type { InvocationContext, RequestContext, Result } from '../gateway-events.ts';
import { inCourseOf, logError } from '../log.ts';

/** Runs a handler's work. A failure is logged and answered: thrown, it would end the process of some emulators. */
export async function resultOf(work: () => Promise<void>): Promise<Result> {
  try {
    await work();
    return { statusCode: 200 };
  } catch (error) {
    logError(error);
    return { statusCode: 500 };
  }
}

/** The same; what is logged meanwhile says in which invocation, and about whom. */
export function answered(
  { connectionId }: Pick<RequestContext, 'connectionId'>,
  context: InvocationContext | undefined,
  work: () => Promise<void>,
): Promise<Result> {
  return inCourseOf({ ...invocationOf(context), connectionId }, () => resultOf(work));
}

export function invocationOf(context: InvocationContext | undefined): { requestId?: string } {
  return context?.awsRequestId === undefined ? {} : { requestId: context.awsRequestId };
}
