import { TemplateError } from './intrinsics.ts';

/** The fields of an event that patterns may look at here. */
const fields = ['source', 'detail-type'] as const;
type Field = (typeof fields)[number];

export type MatchedEvent = Readonly<Record<Field, string>>;

type Matcher = { readonly equals: string } | { readonly prefix: string };

/** An event matches if each field named here matches one of its matchers. */
export type EventPattern = Readonly<Partial<Record<Field, readonly Matcher[]>>>;

/** Reads the pattern of a rule. What is not understood is refused: ignored, it would match too much. */
export function parsePattern(pattern: unknown): EventPattern {
  if (typeof pattern !== 'object' || pattern === null) throw new TemplateError('a rule without an event pattern');
  return Object.fromEntries(
    Object.entries(pattern).map(([field, matchers]) => {
      if (!fields.some((known) => known === field) || !Array.isArray(matchers)) {
        throw new TemplateError(`event pattern: ${field} is not emulated`);
      }
      return [field, matchers.map(parseMatcher)];
    }),
  );
}

function parseMatcher(matcher: unknown): Matcher {
  if (typeof matcher === 'string') return { equals: matcher };
  const [[operator, operand] = [], ...others] = Object.entries(matcher ?? {});
  if (operator === 'prefix' && typeof operand === 'string' && others.length === 0) return { prefix: operand };
  throw new TemplateError(`event pattern: ${JSON.stringify(matcher)} is not emulated`);
}

export function matchesPattern(pattern: EventPattern, event: MatchedEvent): boolean {
  return fields.every((field) => {
    const matchers = pattern[field];
    return matchers === undefined || matchers.some((matcher) => matchesValue(matcher, event[field]));
  });
}

function matchesValue(matcher: Matcher, value: string): boolean {
  return 'equals' in matcher ? value === matcher.equals : value.startsWith(matcher.prefix);
}
