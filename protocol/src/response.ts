import type { Code } from './codes.ts';
import type { Message } from './message.ts';

export type Request = Pick<Message, 'id' | 'from' | 'to'>;

/** `from`, `to` and `id` of a response follow from the request; errors carry their text in both spellings. */
export function response(request: Request, code: Code, body: Record<string, unknown> = {}): Message {
  return { id: request.id, type: 'response', from: request.to, to: request.from, body: { code, ...body } };
}

export function refusal(request: Request, code: Code, description: string, details: object = {}): Message {
  return response(request, code, { ...details, description, desc: description });
}
