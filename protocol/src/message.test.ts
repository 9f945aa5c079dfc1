import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Code, Refusal } from './codes.ts';
import { MAX_BATCH_LENGTH } from './limits.ts';
import { expectBody, type Message, parseFrame } from './message.ts';
import { refusal, response } from './response.ts';

const message: Message = { id: 1, type: 'read', from: 'hyperty://localhost/a', to: 'comm://localhost/r' };

describe('parseFrame', () => {
  it('reads one message or a batch, in order', () => {
    expect(parseFrame(JSON.stringify(message))).toEqual([{ ok: true, message }]);
    const batch = [message, { ...message, id: 2 }];
    expect(parseFrame(JSON.stringify(batch))).toEqual(batch.map((each) => ({ ok: true, message: each })));
  });

  it('keeps what it does not know', () => {
    const odd = { ...message, extra: [1], body: { via: 'x', deep: { er: null } } };
    expect(parseFrame(JSON.stringify(odd))).toEqual([{ ok: true, message: odd }]);
  });

  it('tells the sender what is wrong, under the id that he chose', () => {
    const [parsed] = parseFrame(JSON.stringify({ ...message, id: 'mine', type: 7 }));
    expect(parsed).toEqual({
      ok: false,
      error: refusal({ ...message, id: 'mine' }, Code.badRequest, 'type: a message needs a type'),
    });
  });

  it('bounds a batch', () => {
    const batch = (length: number) => JSON.stringify(Array(length).fill(message));
    expect(parseFrame(batch(MAX_BATCH_LENGTH))).toHaveLength(MAX_BATCH_LENGTH);
    expect(parseFrame(batch(MAX_BATCH_LENGTH + 1))).toMatchObject([{ ok: false }]);
  });

  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseFrame(text)));
  });

  it.each(['__proto__', 'constructor', 'prototype'])('keeps a field of the body called %s', (name) => {
    const text = JSON.stringify(message).replace(/}$/, `,"body":{"${name}":{"a":1}}}`);
    const [parsed] = parseFrame(text);
    expect(parsed?.ok && JSON.stringify(parsed.message)).toBe(text);
  });

  it('reads back whatever message it is given', () => {
    const anyMessage = fc.record({
      id: fc.oneof(fc.integer(), fc.string({ maxLength: 128 })),
      type: fc.constantFrom('create', 'update', 'forward', 'open', 'ping'),
      from: fc.webUrl({ size: 'small' }),
      to: fc.constantFrom('mn:/session', 'domain://registry.example.org', 'hyperty://example.org/x/y'),
      body: fc.dictionary(fc.string(), fc.jsonValue()),
    });
    fc.assert(
      fc.property(anyMessage, (any) => {
        const sent: unknown = JSON.parse(JSON.stringify(any));
        expect(parseFrame(JSON.stringify(any))).toEqual([{ ok: true, message: sent }]);
      }),
    );
  });
});

describe('responses', () => {
  it('turn the addresses round and echo the id with its type', () => {
    expect(response({ ...message, id: '1' }, Code.ok, { value: 3 })).toEqual({
      id: '1',
      type: 'response',
      from: message.to,
      to: message.from,
      body: { code: 200, value: 3 },
    });
  });

  it('spell the text of an error both ways', () => {
    expect(refusal(message, Code.notFound, 'gone').body).toEqual({ code: 404, description: 'gone', desc: 'gone' });
  });
});

describe('expectBody', () => {
  it('refuses with the name of the field', () => {
    const read = () => expectBody(v.object({ resource: v.string() }), { ...message, body: { resource: 3 } });
    expect(read).toThrow(Refusal);
    expect(read).toThrow(/^resource: /);
  });
});
