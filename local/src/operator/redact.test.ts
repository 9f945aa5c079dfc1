import { expect, test } from 'vitest';
import { REDACTED, redacted } from './redact.ts';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyOi8vYSJ9.c2lnbmF0dXJl';

test('what is secret by its name is taken out, in messages as in expressions', () => {
  expect(
    redacted({
      body: { value: { resumption: 'a-secret-uuid', url: 'hyperty://localhost/a' } },
      iceServers: [{ urls: ['turn:h'], username: '17:ada', credential: 'shared-with-coturn' }],
      ExpressionAttributeValues: { ':resumption': 'a-secret-uuid', ':held': 'c1' },
      runtimeToken: 'b467ecf6',
    }),
  ).toEqual({
    body: { value: { resumption: REDACTED, url: 'hyperty://localhost/a' } },
    iceServers: [{ urls: ['turn:h'], username: '17:ada', credential: REDACTED }],
    ExpressionAttributeValues: { ':resumption': REDACTED, ':held': 'c1' },
    runtimeToken: REDACTED,
  });
});

test('what is secret in one place is nowhere else, whatever it is called there', () => {
  const told = JSON.stringify(
    redacted([{ token: 'only-for-me' }, { ':seen': { S: 'only-for-me' } }, 'so: only-for-me.']),
  );
  expect(told).not.toContain('only-for-me');
});

test('ICE passwords, signed tokens and those in URLs are found in any text', () => {
  const sdp = `v=0\r\na=ice-ufrag:2Ipt\r\na=ice-pwd:LXHcpUM593Ojf0RhcE58Mqke\r\na=setup:actpass`;
  expect(redacted({ sdp })).toEqual({ sdp: `v=0\r\na=ice-ufrag:2Ipt\r\na=ice-pwd:${REDACTED}\r\na=setup:actpass` });
  expect(redacted(`Bearer ${JWT}, then`)).toBe(`Bearer ${REDACTED}, then`);
  expect(redacted('wss://h/live?a=1&token=opaque&b=2')).toBe(`wss://h/live?a=1&token=${REDACTED}&b=2`);
});

test('everything else is as it was, and what was given is not touched', () => {
  const given = { a: [1, null, true, 'text'], secret: { deep: ['inside'] } };
  expect(redacted(given)).toEqual({ a: [1, null, true, 'text'], secret: { deep: [REDACTED] } });
  expect(given.secret.deep).toEqual(['inside']);
});
