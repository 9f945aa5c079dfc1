import type { FrameDown, FrameUp, Invoked, TableRequest } from '../aws/index.ts';
import { plainItem } from './attributes.ts';
import { type Call, nameOf } from './calls.ts';
import type { Hop, Party } from './recording.ts';
import { messagesIn, type WireMessage } from './requests.ts';

/* How each thing that was seen is told. Times are those of the sights. */

const PLAIN = { failed: false, count: 1 } as const;

export function opening({ at, event }: Invoked): Hop {
  const { headers, queryStringParameters } = event as Readonly<Record<string, unknown>>;
  const content = { headers, queryStringParameters };
  return { ...PLAIN, kind: 'frame', from: 'browser', to: 'gateway', at, label: 'opens a WebSocket', content };
}

export function frameUp({ at, body }: FrameUp, from: Party): Hop {
  const content = contentOf(body);
  return { ...PLAIN, kind: 'frame', from, to: 'gateway', at, label: labelOf(messagesIn(body)), content };
}

export function invocation({ at, ms, function: name, routeKey, cold, event, error }: Invoked): Hop {
  const { requestContext } = event as Readonly<Record<string, unknown>>;
  const outcome = [cold && 'cold start', error].filter(Boolean).join(', ');
  return {
    kind: 'invocation',
    from: 'gateway',
    to: 'function',
    at,
    ms,
    label: `${name} (${routeKey})`,
    ...(outcome && { outcome }),
    failed: error !== undefined,
    count: 1,
    content: { requestContext, cold, ...(error !== undefined && { error }) },
  };
}

export function table({ at, ms, operation, input, output, error }: TableRequest): Hop {
  const outcome = outcomeOf(input, error);
  return {
    kind: 'table',
    from: 'function',
    to: 'table',
    at,
    ms,
    label: `${operation} ${subjectOf(input)}`,
    ...(outcome && { outcome }),
    failed: error !== undefined,
    count: 1,
    content: { request: readable(input), answer: error ?? readable(output ?? {}) },
  };
}

export function command(down: FrameDown): Hop {
  const [message] = messagesIn(down.body);
  const label = `post: ${String(message?.body?.command ?? 'command')} to the room's media node`;
  return post([down], 'function', 'agent', label);
}

export function answer(down: FrameDown): Hop {
  const codes = messagesIn(down.body).map(({ body }) => body?.code);
  const from = down.invocation ? 'function' : 'agent';
  return post([down], from, 'browser', `post: ${codes.length > 1 ? 'answers' : 'answer'} ${codes.join(', ')}`);
}

/** Posts of one invocation to everybody are one hop. */
export function fanOut(downs: readonly FrameDown[]): Hop[] {
  const invocations = [...new Set(downs.map(({ invocation: by }) => by))];
  return invocations.map((by) => {
    const posts = downs.filter((down) => down.invocation === by);
    const [first] = posts;
    const attribute = first && messagesIn(first.body)[0]?.body?.attribute;
    const what = typeof attribute === 'string' ? 'the changed room' : 'messages';
    return post(posts, 'function', 'others', `post: ${what} to ${posts.length}`);
  });
}

export function calls(batch: readonly Call[]): Hop {
  const [first] = batch;
  if (!first) throw new RangeError('a batch has a call at least');
  const isEvent = first.method === 'onEvent';
  const ends = batch.flatMap(({ at, ms }) => (ms === undefined ? [] : [at + ms]));
  const errors = batch.flatMap(({ error }) => (error ? [error.message] : []));
  return {
    kind: isEvent ? 'event' : 'call',
    from: isEvent ? 'kurento' : 'agent',
    to: isEvent ? 'agent' : 'kurento',
    at: first.at,
    ...(ends.length > 0 && { ms: Math.max(...ends) - first.at }),
    label: batch.length > 1 ? `${nameOf(first)} × ${batch.length}` : nameOf(first),
    ...(errors.length > 0 && { outcome: errors.join('; ') }),
    failed: errors.length > 0,
    count: batch.length,
    content: batch.map(({ method, params, result, error, ms }) => ({ method, params, result, error, ms })),
  };
}

function post(downs: readonly FrameDown[], from: Party, to: Party, label: string): Hop {
  const [first] = downs;
  const undelivered = downs.filter(({ status }) => status !== 200).map(({ status }) => status);
  const at = Math.min(...downs.map((down) => down.at));
  const end = Math.max(...downs.map((down) => down.at + down.ms));
  return {
    kind: 'post',
    from,
    to,
    at,
    ms: end - at,
    label,
    ...(undelivered.length > 0 && {
      outcome: undelivered.map((status) => (status === 410 ? 'gone (410)' : status)).join(),
    }),
    failed: undelivered.length > 0,
    count: downs.length,
    content: first && contentOf(first.body),
  };
}

function contentOf(body: string | Buffer): unknown {
  const messages = messagesIn(body);
  return messages.length === 1 ? messages[0] : messages;
}

const VERBS: Readonly<Record<string, string>> = { create: 'join', update: 'update', 're-open': 'return' };

function labelOf(messages: readonly WireMessage[]): string {
  return messages.map(wordFor).join(' + ');
}

function wordFor({ type, to, body = {} }: WireMessage): string {
  if (body.report !== undefined) return `report: ${[body.report, body.media].filter(Boolean).join(' ')}`;
  if (to.startsWith('domain://registry')) return type === 'create' ? 'register' : `${type} registration`;
  const offers = Array.isArray(body.connections) ? body.connections.length : 0;
  return [VERBS[type] ?? type, offers > 0 && `with ${offers} offer${offers > 1 ? 's' : ''}`].filter(Boolean).join(' ');
}

/** What a request to the table is about, by its key. */
function subjectOf({ Key, Item, IndexName, RequestItems }: TableRequest['input']): string {
  if (IndexName !== undefined) return `index ${IndexName}`;
  const { pk } = (Key ?? Item ?? {}) as { pk?: { S?: string } };
  if (pk?.S === undefined) return RequestItems === undefined ? '' : 'several';
  return SUBJECTS[pk.S.split('#')[0] ?? ''] ?? pk.S;
}

const SUBJECTS: Readonly<Record<string, string>> = {
  room: 'room',
  address: 'address',
  session: 'session',
  history: 'history',
  backlog: 'backlog',
  'media-nodes': 'media nodes',
};

function outcomeOf({ ConditionExpression }: TableRequest['input'], error: string | undefined): string | undefined {
  if (error === 'ConditionalCheckFailedException') return 'condition failed';
  return error ?? (ConditionExpression === undefined ? undefined : 'condition held');
}

const ATTRIBUTES = new Set(['Key', 'Item', 'Attributes', 'ExpressionAttributeValues']);

/** The same with plain values. */
function readable(request: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(
    Object.entries(request).map(([name, value]) => [
      name,
      ATTRIBUTES.has(name) ? plainItem(value as Readonly<Record<string, unknown>>) : value,
    ]),
  );
}
