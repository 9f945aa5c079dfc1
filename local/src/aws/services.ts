import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiDefinition } from './api-definitions.ts';
import type { Callers } from './callers.ts';
import type { TableDefinition } from './deployment.ts';
import { type Request, type Response, ServiceError } from './dynalite.ts';
import { countAccess, type DynamoDb } from './dynamodb.ts';
import { type EventBridge, eventAccesses } from './event-bridge.ts';
import { type ManagementOptions, type ManagementReply, manageConnection } from './management.ts';
import type { Meter, Metrics } from './metrics.ts';
import { type Access, databaseAccesses } from './permissions.ts';
import { readBody } from './read-body.ts';
import type { Secrets } from './secrets.ts';
import { type SignatureVerdict, verifySignature } from './signature.ts';
import { moment } from './witness.ts';

export const metricsPath = '/_hyperroom/metrics';

export interface ServicesOptions extends ManagementOptions {
  readonly api: ApiDefinition;
  readonly tables: readonly TableDefinition[];
  readonly dynamoDb: DynamoDb;
  readonly secrets: Secrets;
  readonly eventBridge: EventBridge;
  readonly meter: Meter;
  readonly callers: Callers;
  readonly metrics: () => Promise<Metrics>;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
}

const maxRequestBytes = 16 * 1024 * 1024;

/** Answers every HTTP request: DynamoDB, Secrets Manager, EventBridge, `@connections` and the metrics share one port. */
export async function serve(
  options: ServicesOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request, maxRequestBytes);
  if (body === undefined) {
    reply(response, 413, { message: 'Request too large' });
    return;
  }
  const exchange = { request, response, body };
  if (request.method === 'GET' && request.url === metricsPath) {
    reply(response, 200, await options.metrics());
    return;
  }
  const [service, operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  if (service === 'DynamoDB_20120810') return serveJson(exchange, options, dynamoDbAction(options, operation));
  if (service === 'secretsmanager') return serveJson(exchange, options, secretsAction(options, operation));
  if (service === 'AWSEvents') return serveJson(exchange, options, eventsAction(options, operation));
  const connectionId = connectionIdOf(request.url ?? '/', options.api.stage);
  if (connectionId === undefined) reply(response, 403, { message: 'Forbidden' });
  else await serveManagement(exchange, options, connectionId);
}

type JsonAction = (input: Request, accessKeyId: string) => Promise<Response>;

function dynamoDbAction(options: ServicesOptions, operation: string): JsonAction {
  const { dynamoDb, tables, callers, meter, witness } = options;
  const arnOf = (name: string) => tables.find((table) => table.name === name)?.arn ?? name;
  return async (input, accessKeyId) => {
    const denied = databaseAccesses(operation, input, arnOf).find((access) => !callers.permits(accessKeyId, access));
    if (denied !== undefined) throw accessDenied(denied);
    const counted = countAccess(operation, input);
    const invocation = callers.invocationOf(accessKeyId);
    if (invocation === undefined) meter.databaseAccess(undefined, counted);
    else invocation.databaseAccess(counted);
    const at = moment();
    const tell = (output: Response | undefined, error: string | undefined) =>
      witness({ kind: 'table', at, ms: moment() - at, operation, input, output, error, invocation });
    try {
      const output = await dynamoDb.run(operation, input);
      tell(output, undefined);
      return output;
    } catch (error) {
      tell(undefined, error instanceof ServiceError ? error.code : String(error));
      throw error;
    }
  };
}

function secretsAction({ secrets, callers }: ServicesOptions, operation: string): JsonAction {
  return async (input, accessKeyId) => {
    const access = { action: `secretsmanager:${operation}`, resource: String(input.SecretId) };
    if (!callers.permits(accessKeyId, access)) throw accessDenied(access);
    return secrets.run(operation, input);
  };
}

function eventsAction({ eventBridge, callers }: ServicesOptions, operation: string): JsonAction {
  return async (input, accessKeyId) => {
    const denied = eventAccesses(operation, input).find((access) => !callers.permits(accessKeyId, access));
    if (denied !== undefined) throw accessDenied(denied);
    return eventBridge.run(operation, input);
  };
}

/** The AWS JSON protocol, which these services speak. */
async function serveJson({ request, response, body }: Exchange, options: ServicesOptions, action: JsonAction) {
  const type = { 'Content-Type': request.headers['content-type'] ?? 'application/x-amz-json-1.0' };
  const verdict = authenticate(options, request, body);
  if ('error' in verdict) {
    reply(response, 400, { __type: verdict.error, message: verdict.message }, type);
    return;
  }
  try {
    reply(response, 200, await action(JSON.parse(body.toString()), verdict.accessKeyId), type);
  } catch (error) {
    if (error instanceof ServiceError) reply(response, error.statusCode, error.body, type);
    else reply(response, 500, { __type: 'InternalFailure', message: String(error) }, type);
  }
}

async function serveManagement({ request, response, body }: Exchange, options: ServicesOptions, connectionId: string) {
  const { api, callers } = options;
  const method = request.method ?? '';
  const verdict = authenticate(options, request, body);
  if ('error' in verdict) {
    replyToManager(response, { status: 403, errorType: verdict.error, body: { message: verdict.message } });
    return;
  }
  const access = {
    action: 'execute-api:ManageConnections',
    resource: `${api.arn}/${method}/@connections/${connectionId}`,
  };
  if (!callers.permits(verdict.accessKeyId, access)) {
    const { message } = accessDenied(access);
    replyToManager(response, { status: 403, errorType: 'AccessDeniedException', body: { message } });
    return;
  }
  const invocation = callers.invocationOf(verdict.accessKeyId);
  replyToManager(response, await manageConnection(options, { method, connectionId, body, invocation }));
}

function accessDenied({ action, resource }: Access): ServiceError {
  return new ServiceError(400, {
    __type: 'com.amazon.coral.service#AccessDeniedException',
    message: `no identity-based policy allows the ${action} action on resource ${resource}`,
  });
}

function authenticate({ callers }: ServicesOptions, request: IncomingMessage, body: Buffer): SignatureVerdict {
  const { method = '', url = '/', headers } = request;
  return verifySignature({ method, url, headers, body }, (keyId) => callers.secretOf(keyId));
}

function connectionIdOf(url: string, stage: string): string | undefined {
  const [, stageInPath, collection, id] = new URL(url, 'http://host').pathname.split('/').map(decodeURIComponent);
  return stageInPath === stage && collection === '@connections' && id ? id : undefined;
}

function replyToManager(response: ServerResponse, { status, errorType, body }: ManagementReply): void {
  reply(response, status, body, errorType === undefined ? {} : { 'x-amzn-ErrorType': errorType });
}

function reply(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}
