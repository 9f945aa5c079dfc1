import { Code, MAX_BODY_BYTES, Refusal } from '@hyperroom/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { headerOf } from '../header.ts';
import { Fault, failure, jsonOf, success } from './http.ts';

afterEach(() => vi.restoreAllMocks());

const anEvent = (changes: object) => ({ routeKey: 'POST /', ...changes });

describe('a body', () => {
  it('is JSON, as text or as API Gateway encodes what it does not take for text', () => {
    const body = JSON.stringify({ name: 'Grüße' });
    expect(jsonOf(anEvent({ body }))).toEqual({ name: 'Grüße' });
    const encoded = Buffer.from(body).toString('base64');
    expect(jsonOf(anEvent({ body: encoded, isBase64Encoded: true }))).toEqual({ name: 'Grüße' });
  });

  it.each([undefined, '', '{', 'name=Ada'])('of %j is refused', (body) => {
    expect(() => jsonOf(anEvent({ body }))).toThrow(new Fault('bad-request', 'the body is not JSON'));
  });

  it('is measured in bytes, as it was sent', () => {
    const text = JSON.stringify('é'.repeat((MAX_BODY_BYTES - 2) / 2));
    expect(jsonOf(anEvent({ body: text }))).toHaveLength((MAX_BODY_BYTES - 2) / 2);
    expect(() => jsonOf(anEvent({ body: `${text} ` }))).toThrow(expect.objectContaining({ code: 'too-large' }));
    const encoded = Buffer.from(text).toString('base64');
    expect(jsonOf(anEvent({ body: encoded, isBase64Encoded: true }))).toHaveLength((MAX_BODY_BYTES - 2) / 2);
  });
});

describe('a header', () => {
  it('is found however it is spelt', () => {
    expect(headerOf({ Authorization: 'x' }, 'authorization')).toBe('x');
    expect(headerOf(undefined, 'authorization')).toBeUndefined();
  });
});

describe('an answer', () => {
  it('is kept by nobody', () => {
    expect(success(201, { a: 1 })).toEqual({
      statusCode: 201,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: '{"a":1}',
    });
    expect(success(204, undefined)).toEqual({ statusCode: 204, headers: { 'cache-control': 'no-store' } });
  });

  it('says when to ask again, in whole seconds, if that is of use', () => {
    const after = (error: unknown) => failure(error).headers['retry-after'];
    expect(after(new Refusal(Code.noMediaNode, 'none', { retryAfter: 2.1 }))).toBe('3');
    expect(Number(after(new Refusal(Code.tooFast, 'slow down')))).toBeGreaterThan(0);
    expect(after(new Refusal(Code.forbidden, 'no'))).toBeUndefined();
  });

  it('to what AWS throttles is 429', () => {
    const throttled = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
    expect(failure(throttled)).toMatchObject({ statusCode: 429, headers: { 'retry-after': expect.any(String) } });
  });

  it.each([
    [Code.badRequest, 400, 'bad-request'],
    [Code.unauthorized, 401, 'unauthorized'],
    [Code.forbidden, 403, 'forbidden'],
    [Code.notFound, 404, 'not-found'],
    [Code.conflict, 409, 'conflict'],
    [Code.full, 409, 'room-full'],
    [Code.locked, 423, 'locked'],
    [Code.tooFast, 429, 'too-fast'],
    [Code.noMediaNode, 503, 'no-media-node'],
  ])('to a refusal of %d is %d %s', (code, status, word) => {
    const { statusCode, body = '' } = failure(new Refusal(code, 'because'));
    expect([statusCode, JSON.parse(body)]).toEqual([status, { code: word, message: 'because' }]);
  });

  it('says how to authenticate, where that is what is missing', () => {
    expect(failure(new Fault('unauthorized', 'x')).headers).toMatchObject({ 'www-authenticate': 'Bearer' });
    expect(failure(new Fault('forbidden', 'x')).headers).not.toHaveProperty('www-authenticate');
  });

  it('to a fault of ours says nothing of it: that is logged', () => {
    const logged = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    for (const error of [new Error('the table is on fire'), new Refusal(Code.notAcceptable, 'on fire'), 'on fire']) {
      const result = failure(error);
      expect(result.statusCode).toBe(500);
      expect(result.body).not.toContain('fire');
      expect(logged.mock.calls.at(-1)?.[0]).toContain('on fire');
    }
  });
});
