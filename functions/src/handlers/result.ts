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
  return inInvocation(context, () => resultOf(work), connectionId);
}

/** What is logged in the course of it says so. */
export function inInvocation<Answer>(
  context: InvocationContext | undefined,
  work: () => Promise<Answer>,
  connectionId?: string,
): Promise<Answer> {
  const requestId = context?.awsRequestId;
  const course = { ...(requestId !== undefined && { requestId }), ...(connectionId !== undefined && { connectionId }) };
  return inCourseOf(course, work);
}
