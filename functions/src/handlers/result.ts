import type { InvocationContext, RequestContext, Result } from '../gateway-events.ts';
import { inCourseOf, logError } from '../log.ts';

/** Runs what decides on an answer. A failure is logged and answered: thrown, it would end the process of some emulators. */
export async function withoutThrowing(decide: () => Promise<Result>): Promise<Result> {
  try {
    return await decide();
  } catch (error) {
    logError(error);
    return { statusCode: 500 };
  }
}

/** The same for work that has no other answer than that it is done. */
export function resultOf(work: () => Promise<void>): Promise<Result> {
  return withoutThrowing(async () => {
    await work();
    return { statusCode: 200 };
  });
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
