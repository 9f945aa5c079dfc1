import type { TableCommand } from './aws/table.ts';
import type { World } from './world.ts';

/** A safeguard, taken away. */
export interface Mutation {
  readonly name: string;
  readonly about: string;
  /** Where its lack shows soonest; the random one plays in turn with them. */
  readonly scenarios: readonly string[];
  readonly sabotage: (world: World) => void;
}

function isWrite({ name }: TableCommand): boolean {
  return ['PutCommand', 'UpdateCommand', 'DeleteCommand'].includes(name);
}

/** A write without its condition, where that mentions something. */
function unconditional(command: TableCommand, mentions: (condition: string, keyed: string) => boolean): TableCommand {
  const { ConditionExpression: condition, ...input } = command.input;
  if (!isWrite(command) || condition === undefined || !mentions(resolved(command), keyOf(command))) return command;
  return { ...command, input: withoutUnused(input) };
}

/** A condition in the words of the table. */
function resolved({ input }: TableCommand): string {
  const names = (input.ExpressionAttributeNames ?? {}) as Record<string, string>;
  return String(input.ConditionExpression).replace(/#\w+/g, (name) => names[name] ?? name);
}

function keyOf({ input }: TableCommand): string {
  return String(((input.Key ?? input.Item) as { pk?: string } | undefined)?.pk);
}

/** DynamoDB refuses names and values that no expression has. */
function withoutUnused(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const text = ` ${input.UpdateExpression ?? ''} `;
  const used = (all: unknown) =>
    Object.fromEntries(Object.entries((all ?? {}) as object).filter(([name]) => new RegExp(`${name}\\W`).test(text)));
  return {
    ...input,
    ExpressionAttributeNames: used(input.ExpressionAttributeNames),
    ExpressionAttributeValues: used(input.ExpressionAttributeValues),
  };
}

function rewriting(mentions: (condition: string, key: string) => boolean): (world: World) => void {
  return ({ cloud }) => {
    cloud.rewrite = (command) => unconditional(command, mentions);
  };
}

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'admission-unconditional',
    about: 'who joins is written into the room whatever that is by now',
    scenarios: ['all-at-once', 'revolving-door', 'storm'],
    sabotage: rewriting((condition, key) => key.startsWith('room#') && condition.includes('banned')),
  },
];
