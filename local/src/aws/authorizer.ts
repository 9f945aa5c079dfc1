import type { AuthorizerContext, Handshake } from './events.ts';
import { matchesAny } from './permissions.ts';
import type { InvocationOutcome } from './sandbox.ts';

export type Verdict =
  | { readonly allowed: true; readonly context: AuthorizerContext }
  | { readonly allowed: false; readonly status: 401 | 403 | 500 };

interface Statement {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
}

interface AuthorizerResult {
  readonly principalId?: unknown;
  readonly policyDocument?: { readonly Statement?: Statement | readonly Statement[] };
  readonly context?: Readonly<Record<string, unknown>>;
}

/** Whether every identity source has a value: without one API Gateway does not ask the authorizer at all. */
export function hasIdentity(sources: readonly string[], handshake: Handshake): boolean {
  return sources.every((source) => {
    const [, kind, name = ''] = /^route\.request\.(querystring|header)\.(.+)$/.exec(source) ?? [];
    if (kind === 'querystring') return Boolean(handshake.queryStringParameters?.[name]);
    const header = Object.entries(handshake.headers).find(([key]) => key.toLowerCase() === name.toLowerCase());
    return kind === 'header' && Boolean(header?.[1]);
  });
}

/** What API Gateway makes of an authorizer's answer. */
export function judge(outcome: InvocationOutcome, methodArn: string, maxBytes: number): Verdict {
  if (!outcome.ok) return { allowed: false, status: outcome.errorMessage === 'Unauthorized' ? 401 : 500 };
  const { principalId, policyDocument, context = {} } = (outcome.value ?? {}) as AuthorizerResult;
  const statements = [policyDocument?.Statement ?? []].flat() as readonly Statement[];
  const wellFormed = typeof principalId === 'string' && policyDocument !== undefined && isFlat(context);
  if (!wellFormed || Buffer.byteLength(JSON.stringify(outcome.value)) > maxBytes)
    return { allowed: false, status: 500 };
  const applying = statements.filter((statement) => applies(statement, methodArn));
  const allowed =
    applying.some(({ Effect }) => Effect === 'Allow') && applying.every(({ Effect }) => Effect !== 'Deny');
  if (!allowed) return { allowed: false, status: 403 };
  const texts = Object.entries(context).map(([name, value]) => [name, String(value)] as const);
  return { allowed: true, context: { ...Object.fromEntries(texts), principalId, integrationLatency: 0 } };
}

function isFlat(context: Readonly<Record<string, unknown>>): boolean {
  return Object.values(context).every((value) => ['string', 'number', 'boolean'].includes(typeof value));
}

function applies({ Action, Resource }: Statement, methodArn: string): boolean {
  return matchesAny(texts(Action), 'execute-api:Invoke') && matchesAny(texts(Resource), methodArn);
}

function texts(value: unknown): string[] {
  return [value ?? []].flat().map(String);
}
