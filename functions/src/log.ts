import { AsyncLocalStorage } from 'node:async_hooks';
import { embedded } from './metrics.ts';

/* Lines of JSON, as CloudWatch Logs Insights reads them. Names, tokens and session descriptions are in none of them. */

/** What every line says that is logged in the course of some work. */
interface Course {
  /** The invocation's, as in Lambda's own lines about it. */
  readonly requestId?: string;
  readonly connectionId?: string;
  /** The id of the message that is handled, and the trace it carries. */
  readonly message?: number | string;
  readonly trace?: string;
}

const course = new AsyncLocalStorage<Course>();

export function inCourseOf<Result>(more: Course, work: () => Result): Result {
  return course.run({ ...course.getStore(), ...more }, work);
}

/** An error is a sample of the metric `Errors` in the same line. */
export function log(level: 'info' | 'error', fields: Readonly<Record<string, unknown>>): void {
  const counted = level === 'error' ? embedded(process.env.DOMAIN ?? '', Date.now(), { Errors: 1 }) : {};
  printLine(JSON.stringify({ level, ...course.getStore(), ...fields, ...counted }));
}

export function logError(error: unknown): void {
  log('error', { error: error instanceof Error ? error.stack : String(error) });
}

/**
 * Past the console: Lambda's runtime puts a prefix before what goes through that, or wraps it, and CloudWatch finds metrics
 * only in lines that are whole.
 */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
