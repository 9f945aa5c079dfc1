import { expect, test } from 'vitest';
import { hasIdentity, judge } from './authorizer.ts';

const methodArn = 'arn:aws:execute-api:us-east-1:000000000000:abc/live/$connect';

function answer(Statement: unknown, more: Record<string, unknown> = {}) {
  return { ok: true as const, value: { principalId: 'alice', policyDocument: { Statement }, ...more } };
}

function allow(Resource: string) {
  return { Effect: 'Allow', Action: 'execute-api:Invoke', Resource };
}

test.each([
  ['this method', answer([allow(methodArn)])],
  ['a wildcard', answer([allow('arn:aws:execute-api:*:*:abc/live/*')])],
  ['a single statement', answer(allow('*'))],
])('%s is allowed', (_, outcome) => {
  expect(judge(outcome, methodArn, 8192)).toMatchObject({ allowed: true, context: { principalId: 'alice' } });
});

test.each([
  ['another method', answer([allow(`${methodArn}x`)]), 403],
  ['no statement', answer([]), 403],
  ['both allowed and denied', answer([allow('*'), { ...allow('*'), Effect: 'Deny' }]), 403],
  ['another action', answer([{ ...allow('*'), Action: 's3:GetObject' }]), 403],
  ['no principal', answer([allow('*')], { principalId: undefined }), 500],
  ['no policy', answer([allow('*')], { policyDocument: undefined }), 500],
  ['a list in the context', answer([allow('*')], { context: { rooms: ['a'] } }), 500],
  ['a long answer', answer([allow('*')], { context: { padding: 'x'.repeat(8192) } }), 500],
  ['nothing', { ok: true as const, value: null }, 500],
])('%s is not', (_, outcome, status) => {
  expect(judge(outcome, methodArn, 8192)).toEqual({ allowed: false, status });
});

test('identity comes from the query or from a header of any case', () => {
  const handshake = {
    headers: { 'X-Token': 'h' },
    multiValueHeaders: {},
    queryStringParameters: { token: 'q', empty: '' },
  };
  expect(hasIdentity([], handshake)).toBe(true);
  expect(hasIdentity(['route.request.querystring.token', 'route.request.header.x-token'], handshake)).toBe(true);
  expect(hasIdentity(['route.request.querystring.empty'], handshake)).toBe(false);
  expect(hasIdentity(['route.request.querystring.token', 'route.request.header.other'], handshake)).toBe(false);
});
