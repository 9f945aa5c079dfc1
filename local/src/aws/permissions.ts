import type { Request } from './dynalite.ts';

/** An IAM statement of the template, resolved. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** Something a caller wants to do. */
export interface Access {
  readonly action: string;
  readonly resource: string;
}

/** Whether IAM would let a role with these statements do it. Conditions and boundaries are not looked at. */
export function isAllowed(statements: readonly Statement[], { action, resource }: Access): boolean {
  const applying = statements.filter(
    (statement) => matchesAny(statement.Action, action) && matchesAny(statement.Resource, resource),
  );
  return applying.some(({ Effect }) => Effect === 'Allow') && applying.every(({ Effect }) => Effect !== 'Deny');
}

/** What a DynamoDB request needs, by table name and index. */
export function databaseAccesses(operation: string, request: Request, arnOf: (table: string) => string): Access[] {
  const access = (action: string, table: unknown, index?: unknown): Access => ({
    action: `dynamodb:${action}`,
    resource: arnOf(String(table)) + (index === undefined ? '' : `/index/${String(index)}`),
  });
  switch (operation) {
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys(request.RequestItems ?? {}).map((table) => access(operation, table));
    case 'TransactGetItems':
    case 'TransactWriteItems':
      return transactionItems(request).flatMap((item) =>
        Object.entries(item).map(([name, argument]) => access(transactionActions[name] ?? name, argument.TableName)),
      );
    default:
      return [access(operation, request.TableName, request.IndexName)];
  }
}

const transactionActions: Readonly<Record<string, string>> = {
  ConditionCheck: 'ConditionCheckItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
};

function transactionItems(request: Request): readonly Readonly<Record<string, Request>>[] {
  return Array.isArray(request.TransactItems) ? request.TransactItems : [];
}

/** `*` and `?` as IAM policies understand them, in actions and ARNs. */
export function matchesAny(patterns: string | readonly string[], value: string): boolean {
  return [patterns].flat().some((pattern) => globToRegExp(pattern).test(value));
}

function globToRegExp(glob: string): RegExp {
  const escaped = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 'i');
}
