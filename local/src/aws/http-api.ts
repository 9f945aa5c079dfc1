import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpApiDefinition } from './api-definitions.ts';
import type { Clock } from './clock.ts';
import { gatewayReply, type HttpReply, httpEvent, httpRequestId, replyOf } from './http-events.ts';
import { findRoute } from './http-routes.ts';
import type { Invoke } from './lambda.ts';
import type { Limits, StageThrottle } from './limits.ts';
import { readBody } from './read-body.ts';
import { integrationTimeout } from './sandbox.ts';

export interface HttpApiOptions {
  readonly api: HttpApiDefinition;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly requests: StageThrottle;
  readonly invoke: Invoke;
}

/** An HTTP API of API Gateway: answers one request. */
export async function serveHttpApi(
  options: HttpApiOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = httpRequestId();
  const { status, headers, body } = await answer(options, request, requestId);
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('apigw-requestid', requestId);
  response.end(body);
}

async function answer(options: HttpApiOptions, request: IncomingMessage, requestId: string): Promise<HttpReply> {
  const { api, limits, clock, requests, invoke } = options;
  const body = await readBody(request, limits.httpBodyBytes);
  if (body === undefined) return gatewayReply(413, 'Request Entity Too Large');
  const [encodedPath = '/', rawQuery = ''] = splitAt(request.url ?? '/', '?');
  const path = decode(encodedPath);
  if (path === undefined) return gatewayReply(400, 'Bad Request');
  const match = findRoute(api.routes, request.method ?? '', path);
  if (match === undefined) return gatewayReply(404, 'Not Found');
  if (!requests.admit(match.route.routeKey)) return gatewayReply(429, 'Too Many Requests');
  const event = httpEvent({ api, match, request, path, rawQuery, body, requestId, now: clock.now() });
  const outcome = await invoke(match.route.target, event, { routeKey: match.route.routeKey });
  if (outcome === integrationTimeout) return gatewayReply(503, 'Service Unavailable');
  const reply = outcome.ok ? replyOf(outcome.value) : undefined;
  return reply ?? gatewayReply(500, 'Internal Server Error');
}

function splitAt(text: string, separator: string): string[] {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
