import type { TableCommand } from './aws/table.ts';

/* How a simulation takes safeguards away: commands and frames are changed on their way. */

export type Body = Readonly<Record<string, unknown>>;

export interface Frame {
  readonly id: string;
  readonly type: string;
  readonly from: string;
  readonly to: string;
  readonly body?: Body;
}

/** Of each message of a frame what `change` makes of it; undefined: nothing. */
export function frames(change: (message: Frame, connection: string) => Frame | undefined) {
  return (text: string, connection = ''): string | undefined => {
    const parsed = JSON.parse(text) as Frame | Frame[];
    const messages = Array.isArray(parsed) ? parsed : [parsed];
    const changed = messages.flatMap((message) => change({ ...message, id: String(message.id) }, connection) ?? []);
    if (changed.length === 0) return undefined;
    // An id stays what it was: some are numbers.
    const restored = changed.map((message) => ({
      ...message,
      id: messages.find(({ id }) => String(id) === message.id)?.id ?? message.id,
    }));
    return JSON.stringify(restored.length === 1 ? restored[0] : restored);
  };
}

export function keyOf({ input }: TableCommand): string {
  const { pk } = (input.Key ?? input.Item ?? {}) as { pk?: unknown };
  return String(pk);
}

/** A write without its condition, or without what of it matches. */
export function without(command: TableCommand, clause?: RegExp): TableCommand {
  const { ConditionExpression: condition, ...input } = command.input;
  if (typeof condition !== 'string') return command;
  if (clause) {
    const weaker = condition.replace(clause, 'attribute_exists(#member)');
    return { ...command, input: withoutUnused({ ...input, ConditionExpression: weaker }) };
  }
  return { ...command, input: withoutUnused(input) };
}

/** A write that gives an attribute another value than it would. */
export function values(command: TableCommand, attribute: string, value: unknown): TableCommand {
  const { input } = command;
  const names = Object.entries((input.ExpressionAttributeNames ?? {}) as Record<string, string>);
  const alias = names.find(([, name]) => name === attribute)?.[0];
  const [, given] = new RegExp(`${alias} = (:\\w+)`).exec(String(input.UpdateExpression)) ?? [];
  if (alias === undefined || given === undefined) return command;
  const before = input.ExpressionAttributeValues as Body;
  return { ...command, input: { ...input, ExpressionAttributeValues: { ...before, [given]: value } } };
}

/** DynamoDB refuses names and values that no expression has. */
function withoutUnused(input: Body): Body {
  const text = ` ${input.UpdateExpression ?? ''} ${input.ConditionExpression ?? ''} `;
  const used = (all: unknown) => {
    const entries = Object.entries((all ?? {}) as object).filter(([name]) => new RegExp(`${name}(?!\\w)`).test(text));
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  };
  return {
    ...input,
    ExpressionAttributeNames: used(input.ExpressionAttributeNames),
    ExpressionAttributeValues: used(input.ExpressionAttributeValues),
  };
}
