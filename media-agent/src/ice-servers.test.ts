import { expect, test } from 'vitest';
import { iceServersFor } from './ice-servers.ts';

test('credentials are good for a day, and signed as coturn wants it', () => {
  const urls = ['turn:192.0.2.1:3478?transport=udp', 'turns:turn.example.test:443'];
  const now = Date.UTC(2024, 11, 31, 0, 0, 0, 999);
  expect(iceServersFor({ urls, secret: 'north' }, 'ada', now)).toEqual([
    {
      urls,
      username: '1735689600:ada',
      // printf '1735689600:ada' | openssl dgst -sha1 -hmac 'north' -binary | base64
      credential: 'pXfwErF9HMZ+kuMWBWEIUr7O0bE=',
    },
  ]);
});
