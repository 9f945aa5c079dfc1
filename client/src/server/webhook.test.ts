import type { LifecycleEvent } from '@hyperroom/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { receiveWebhook } from './webhook.ts';

const NOW = 1_731_705_121;
const SECRET = 'whsec_plJ3nmyCDGBKInavdOK15jsl';
const EVENT: LifecycleEvent = {
  event: 'room.started',
  id: 'event-1',
  time: '2026-11-22T20:00:00.000Z',
  room: { id: 'standup', url: 'comm://example.org/standup', incarnation: 'i-1', metadata: {} },
};

/** Signs as the specification of Standard Webhooks says. */
async function delivery(body: string, { id = 'msg_1', time = NOW, secret = SECRET } = {}) {
  const bytes = Uint8Array.from(atob(secret.replace('whsec_', '')), (character) => character.charCodeAt(0));
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes, hmac, false, ['sign']);
  const code = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`${id}.${time}.${body}`));
  const signature = `v1,${btoa(String.fromCharCode(...new Uint8Array(code)))}`;
  return { 'webhook-id': id, 'webhook-timestamp': `${time}`, 'webhook-signature': signature };
}

beforeEach(() => vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

describe('a delivery', () => {
  it('brings its event', async () => {
    const body = JSON.stringify(EVENT);
    const headers = await delivery(body);
    expect(await receiveWebhook(body, headers, SECRET)).toEqual(EVENT);
    expect(await receiveWebhook(body, new Headers(headers), SECRET)).toEqual(EVENT);
  });

  it('may have headers in capitals, and signatures of other secrets and versions beside the right one', async () => {
    const body = JSON.stringify(EVENT);
    const { 'webhook-signature': right, ...others } = await delivery(body);
    const { 'webhook-signature': older } = await delivery(body, { secret: 'whsec_b2xkZXI=' });
    const headers = { ...others, 'Webhook-Signature': `v1a,AAAA v1,??? ${older} ${right}` };
    expect(await receiveWebhook(body, headers, SECRET)).toEqual(EVENT);
  });

  it('is verified as in the specification: its example is signed, though it is no event of ours', async () => {
    const headers = {
      'webhook-id': 'msg_loFOjxBNrRLzqYUf',
      'webhook-timestamp': '1731705121',
      'webhook-signature': 'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
    };
    const ping = receiveWebhook('{"event_type":"ping","data":{"success":true}}', headers, SECRET);
    await expect(ping).rejects.toMatchObject({ code: 'protocol-error' });
  });

  it('that is signed, but no JSON, is none', async () => {
    await expect(receiveWebhook('x', await delivery('x'), SECRET)).rejects.toMatchObject({ code: 'protocol-error' });
  });

  it('is refused if anything of what is signed differs', async () => {
    const [body, headers] = [JSON.stringify(EVENT), await delivery(JSON.stringify(EVENT))];
    const change = fc.constantFrom('body', 'webhook-id', 'webhook-timestamp');
    const digits = fc.string({ unit: fc.constantFrom('0', '1', '.'), minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(change, digits, async (change, more) => {
        const changed = { ...headers, body };
        changed[change] += more;
        const received = receiveWebhook(changed.body, changed, SECRET);
        await expect(received).rejects.toMatchObject({ code: 'unauthorized' });
      }),
    );
  });

  it('is verified with a secret that is a plain text, as the stack makes it', async () => {
    const plain = 'G7hYq2-no-base64-at-all';
    const headers = await delivery(JSON.stringify(EVENT), { secret: `whsec_${btoa(plain)}` });
    expect(await receiveWebhook(JSON.stringify(EVENT), headers, plain)).toEqual(EVENT);
  });

  it('is refused with another secret', async () => {
    const headers = await delivery(JSON.stringify(EVENT), { secret: 'whsec_b3RoZXI=' });
    await expect(receiveWebhook(JSON.stringify(EVENT), headers, SECRET)).rejects.toMatchObject({
      code: 'unauthorized',
    });
  });

  it.each([
    [-301, 'unauthorized'],
    [301, 'unauthorized'],
    [-299, 'received'],
    [299, 'received'],
  ])('of %d seconds from now is %s', async (seconds, outcome) => {
    const headers = await delivery(JSON.stringify(EVENT), { time: NOW + seconds });
    const received = receiveWebhook(JSON.stringify(EVENT), headers, SECRET);
    expect(await received.then(() => 'received').catch(({ code }) => code)).toBe(outcome);
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('without %s is refused', async (missing) => {
    const headers = { ...(await delivery(JSON.stringify(EVENT))), [missing]: undefined };
    const received = receiveWebhook(JSON.stringify(EVENT), headers, SECRET);
    await expect(received).rejects.toMatchObject({ code: 'unauthorized', message: expect.stringContaining(missing) });
  });

  it.each(['', 'whsec_', 'whsec_?'])('cannot be verified with %o', async (secret) => {
    const headers = await delivery(JSON.stringify(EVENT));
    await expect(receiveWebhook(JSON.stringify(EVENT), headers, secret)).rejects.toMatchObject({ code: 'bad-request' });
  });
});
