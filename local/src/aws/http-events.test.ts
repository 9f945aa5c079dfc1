import { expect, test } from 'vitest';
import { replyOf } from './http-events.ts';

const json = { 'content-type': 'application/json' };
const text = { 'content-type': 'text/plain;charset=UTF-8' };

test.each([
  ['an object', { rooms: [] }, { status: 200, headers: json, body: '{"rooms":[]}' }],
  ['a list', [1, 2], { status: 200, headers: json, body: '[1,2]' }],
  ['a text', 'as it is', { status: 200, headers: json, body: 'as it is' }],
  ['nothing', null, { status: 200, headers: json, body: 'null' }],
  ['a result', { statusCode: 404, body: 'no' }, { status: 404, headers: text, body: 'no' }],
  ['a result without a body', { statusCode: 204 }, { status: 204, headers: {}, body: '' }],
  ['a status as text', { statusCode: '201' }, { status: 201, headers: {}, body: '' }],
  [
    'headers of any case',
    { statusCode: 200, headers: { 'Content-Type': 'image/png', 'X-Count': 1 }, body: 'AAE=', isBase64Encoded: true },
    { status: 200, headers: { 'content-type': 'image/png', 'x-count': '1' }, body: Buffer.from([0, 1]) },
  ],
  [
    'cookies',
    { statusCode: 200, cookies: ['a=1', 'b=2'] },
    { status: 200, headers: { 'set-cookie': ['a=1', 'b=2'] }, body: '' },
  ],
])('%s is understood', (_, value, reply) => {
  expect(replyOf(value)).toEqual(reply);
});

test.each([
  { statusCode: 'OK' },
  { statusCode: 1000 },
  { statusCode: 200, body: { not: 'text' } },
  { statusCode: 200, headers: 'none' },
])('%j is not', (value) => {
  expect(replyOf(value)).toBeUndefined();
});
