import type { FrameDown, FrameUp } from '../aws/index.ts';

/** A join, an offer made later (a screen), or the return after a lost socket: what the SDK gives a trace. */
export type RequestKind = 'join' | 'offer' | 'return';

/** A request that can be followed. */
export interface TracedRequest {
  readonly trace: string;
  readonly kind: RequestKind;
  readonly room: string;
  /** The id that its trace begins with. */
  readonly participant: string;
  readonly name: string | undefined;
  /** Of the message, by which its response is known. */
  readonly id: number | string;
  /** Where it came from; a request that is repeated, first. */
  readonly connectionId: string;
  readonly at: number;
}

export interface WireMessage {
  readonly id: number | string;
  readonly type: string;
  readonly from: string;
  readonly to: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly trace?: string;
}

export interface Answer {
  readonly code: number;
  readonly at: number;
}

const KINDS: Readonly<Record<string, RequestKind>> = { create: 'join', update: 'offer', 're-open': 'return' };

/** What is in a frame: one message or several. Of what is no JSON, nothing. */
export function messagesIn(body: string | Buffer): WireMessage[] {
  try {
    const parsed: unknown = JSON.parse(body.toString());
    return [parsed].flat().filter((each): each is WireMessage => typeof each === 'object' && each !== null);
  } catch {
    return [];
  }
}

export function tracedIn({ body, connectionId, at }: FrameUp): TracedRequest[] {
  // Few frames have one: the others need not be parsed.
  if (!body.includes('"trace"')) return [];
  return messagesIn(body).flatMap(({ trace, type, from, id, body: said = {} }) => {
    if (typeof trace !== 'string') return [];
    const { name } = (said.identity ?? {}) as { name?: string };
    const room = lastOf(said.resource);
    return [{ trace, kind: KINDS[type] ?? 'offer', room, participant: lastOf(from), name, id, connectionId, at }];
  });
}

/** The response to a request, if it is in this frame. */
export function answerTo({ id }: Pick<TracedRequest, 'id'>, { body, at, ms }: FrameDown): Answer | undefined {
  const response = messagesIn(body).find((message) => message.type === 'response' && message.id === id);
  return response && { code: Number(response.body?.code), at: at + ms };
}

/** Of an address, what comes last: a room's id, a hyperty's. */
function lastOf(address: unknown): string {
  return (
    String(address ?? '')
      .split('/')
      .at(-1) ?? ''
  );
}
