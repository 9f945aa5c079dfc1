import { describe, expect, it } from 'vitest';
import { errorReply, parseFrame, readRequest } from './envelope.ts';
import { missingField, objectNotFound, RpcError } from './errors.ts';

describe('parseFrame', () => {
  it('throws a SyntaxError for what is no JSON', () => {
    expect(() => parseFrame('{"id":1')).toThrow(SyntaxError);
  });
});

describe('readRequest', () => {
  it('reads a request, and one without params', () => {
    expect(readRequest({ jsonrpc: '2.0', id: 1, method: 'ping', params: { a: 1 } })).toEqual({
      id: 1,
      method: 'ping',
      params: { a: 1 },
    });
    expect(readRequest({ jsonrpc: '2.0', id: 'x', method: 'ping' }).params).toBeUndefined();
  });

  it('takes a request without an id for a notification', () => {
    expect(readRequest({ jsonrpc: '2.0', method: 'ping' }).id).toBeUndefined();
  });

  it.each([
    ['no version', { id: 1, method: 'ping' }],
    ['another version', { jsonrpc: '1.0', id: 1, method: 'ping' }],
    ['no method', { jsonrpc: '2.0', id: 1 }],
    ['an id that is an object', { jsonrpc: '2.0', id: {}, method: 'ping' }],
    ['a list', []],
    ['a number', 7],
    ['nothing', null],
  ])('refuses %s', (_, frame) => {
    expect(() => readRequest(frame)).toThrow(RpcError);
  });
});

describe('errorReply', () => {
  it('has data only if the error has', () => {
    expect(errorReply(3, objectNotFound('x'))).toEqual({
      id: 3,
      jsonrpc: '2.0',
      error: { code: 40101, data: { type: 'MEDIA_OBJECT_NOT_FOUND' }, message: "Object 'x' not found" },
    });
    expect(errorReply(undefined, missingField('type'))).toEqual({
      id: null,
      jsonrpc: '2.0',
      error: { code: -32000, message: "'type' parameter is required" },
    });
  });
});
