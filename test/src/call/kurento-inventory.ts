import { once } from 'node:events';
import * as v from 'valibot';
import WebSocket from 'ws';

export interface MediaObjects {
  readonly pipelines: ReadonlySet<string>;
  readonly endpoints: ReadonlySet<string>;
}

const Reply = v.object({
  id: v.number(),
  result: v.optional(v.object({ value: v.array(v.string()) })),
  error: v.optional(v.object({ code: v.number(), message: v.string() })),
});

const DEADLINE = 10_000;
/** Kurento's answer when an object has gone since it was listed. */
const UNKNOWN_OBJECT = 40101;

/** Asks Kurento itself what it holds. */
export async function mediaObjects(url: string): Promise<MediaObjects> {
  const socket = await open(url);
  try {
    // Kurento would answer an id that it has seen from its memory.
    let id = 0;
    const pipelines = await list(socket, ++id, 'manager_ServerManager', 'getPipelines');
    const children: string[] = [];
    for (const pipeline of pipelines) children.push(...(await list(socket, ++id, pipeline, 'getChildren')));
    return { pipelines: new Set(pipelines), endpoints: new Set(children.filter((id) => id.endsWith('Endpoint'))) };
  } finally {
    socket.close();
  }
}

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  // What `once` waits for, it hears of; what comes later is of no interest.
  socket.on('error', () => {});
  try {
    await once(socket, 'open', { signal: AbortSignal.timeout(DEADLINE) });
    return socket;
  } catch (error) {
    socket.terminate();
    throw new Error(`no Kurento at ${url}`, { cause: error });
  }
}

async function list(socket: WebSocket, id: number, object: string, operation: string): Promise<string[]> {
  const answered = once(socket, 'message', { signal: AbortSignal.timeout(DEADLINE) });
  socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'invoke', params: { object, operation } }));
  const [data] = await answered;
  const { result, error } = v.parse(Reply, JSON.parse(String(data)));
  if (error && error.code !== UNKNOWN_OBJECT) throw new Error(`Kurento: ${operation}: ${error.message}`);
  return result?.value ?? [];
}
