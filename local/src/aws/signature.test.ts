import { expect, test } from 'vitest';
import { type SignedRequest, verifySignature } from './signature.ts';

// From the test suite AWS publishes for Signature Version 4: `get-vanilla-query-order-key-case`.
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const accessKeyId = 'AKIDEXAMPLE';
const now = Date.UTC(2015, 7, 30, 12, 36);
const published: SignedRequest = {
  method: 'GET',
  url: '/?Param2=value2&Param1=value1',
  headers: {
    host: 'example.amazonaws.com',
    'x-amz-date': '20150830T123600Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ' +
      'SignedHeaders=host;x-amz-date, ' +
      'Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  },
  body: Buffer.alloc(0),
};

const secretOf = (keyId: string) => (keyId === accessKeyId ? secret : undefined);

function withHeaders(headers: SignedRequest['headers']): SignedRequest {
  return { ...published, headers: { ...published.headers, ...headers } };
}

test('a signature published by AWS is accepted', () => {
  expect(verifySignature(published, secretOf, now)).toEqual({ accessKeyId });
});

test.each([
  ['no signature', withHeaders({ authorization: undefined }), 'MissingAuthenticationTokenException'],
  ['half a signature', withHeaders({ authorization: 'AWS4-HMAC-SHA256 Credential=x' }), 'IncompleteSignatureException'],
  ['no date', withHeaders({ 'x-amz-date': undefined }), 'IncompleteSignatureException'],
  ['another body', { ...published, body: Buffer.from('x') }, 'InvalidSignatureException'],
  ['another path', { ...published, url: '/other?Param2=value2&Param1=value1' }, 'InvalidSignatureException'],
  ['another query', { ...published, url: '/?Param2=value2' }, 'InvalidSignatureException'],
  ['another method', { ...published, method: 'POST' }, 'InvalidSignatureException'],
  ['an unsigned AWS header', withHeaders({ 'x-amz-target': 'DynamoDB_20120810.Scan' }), 'InvalidSignatureException'],
])('%s is refused', (_, request, error) => {
  expect(verifySignature(request, secretOf, now)).toMatchObject({ error });
});

test('an unknown key is refused', () => {
  expect(verifySignature(published, () => undefined, now)).toMatchObject({ error: 'UnrecognizedClientException' });
});

test('a signature is good for five minutes', () => {
  const fiveMinutes = 5 * 60 * 1000;
  expect(verifySignature(published, secretOf, now + fiveMinutes)).toEqual({ accessKeyId });
  expect(verifySignature(published, secretOf, now + fiveMinutes + 1)).toMatchObject({
    error: 'InvalidSignatureException',
  });
});
