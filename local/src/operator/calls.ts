import type { RpcText } from '../sights.ts';

/** A call of Kurento and its answer, or (`method` is `onEvent`) what Kurento tells by itself. */
export interface Call {
  readonly at: number;
  /** Until it was answered; undefined: it is not, or it is an event. */
  readonly ms: number | undefined;
  readonly method: string;
  readonly params: Params;
  readonly result: unknown;
  readonly error: { readonly message: string } | undefined;
}

interface Params {
  readonly object?: string;
  readonly type?: string;
  readonly operation?: string;
  readonly operationParams?: Readonly<Record<string, unknown>>;
  readonly operations?: readonly Frame[];
  readonly value?: { readonly object?: string; readonly type?: string };
}

interface Frame {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Params;
  readonly result?: { readonly value?: unknown };
  readonly error?: { readonly message: string };
}

/** The calls of one node's agent, each with its answer, in the order they were made. */
export function callsIn(texts: readonly RpcText[]): Call[] {
  const calls: Call[] = [];
  const waiting = new Map<number, { readonly index: number; readonly at: number }>();
  for (const { by, text, at } of texts) {
    const { id, method, params = {}, result, error } = frameIn(text);
    const asked = id === undefined ? undefined : waiting.get(id);
    if (method !== undefined) {
      if (id !== undefined && by === 'client') waiting.set(id, { index: calls.length, at });
      calls.push({ at, ms: undefined, method, params, result: undefined, error: undefined });
    } else if (asked) {
      const call = calls[asked.index];
      if (call) calls[asked.index] = { ...call, ms: at - asked.at, result: result?.value, error };
    }
  }
  return calls.flatMap(partsOf);
}

function frameIn(text: string): Frame {
  try {
    return JSON.parse(text) as Frame;
  } catch {
    return {};
  }
}

/** A transaction's operations, each as a call of its own. */
function partsOf(call: Call): Call[] {
  if (call.method !== 'transaction') return [call];
  const answers = Array.isArray(call.result) ? (call.result as readonly Frame[]) : [];
  return (call.params.operations ?? []).map(({ id, method = '', params = {} }) => {
    const answer = answers.find((each) => each.id === id);
    return { ...call, method, params, result: answer?.result?.value, error: answer?.error ?? call.error };
  });
}

/** What it asks for, whichever object it is about: `create WebRtcEndpoint`, `processOffer`, `subscribe`. */
export function nameOf({ method, params }: Call): string {
  if (method === 'invoke') return String(params.operation);
  if (method === 'onEvent') return String(params.value?.type);
  return method === 'create' ? `create ${params.type}` : method;
}

/** Whether it makes one of the objects, is about one, or leads to one. */
export function isAbout(objects: ReadonlySet<string>, { method, params, result }: Call): boolean {
  const { object, operationParams, value } = params;
  const named = [object, operationParams?.sink, value?.object, method === 'create' ? result : undefined];
  return named.some((each) => typeof each === 'string' && objects.has(each));
}

/** Calls of the same kind that were under way at the same time, or nearly. */
export function batchesOf(calls: readonly Call[]): Call[][] {
  const batches: Call[][] = [];
  for (const call of calls) {
    const batch = batches.findLast(([first]) => first && nameOf(first) === nameOf(call));
    if (batch?.some((other) => overlap(other, call))) batch.push(call);
    else batches.push([call]);
  }
  return batches;
}

const NEARLY = 20;

function overlap(before: Call, call: Call): boolean {
  return before.at + (before.ms ?? 0) + NEARLY >= call.at;
}
