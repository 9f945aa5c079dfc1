import { changesOf, subscriptionOf } from '@hyperroom/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SELF } from '../testing/connected.ts';
import { ADDRESSES, respond } from '../testing/fake-room.ts';
import { answer, asks, BOB, O, reporting, settle } from '../testing/syncing.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a reporter', () => {
  test('asks for its addresses first, and registers what has a name in the same frame', async () => {
    const { socket } = await reporting({ name: 'the object' });
    const [routing, registration] = JSON.parse(socket.frames.at(-1) ?? '');
    expect(routing).toMatchObject({
      type: 'subscribe',
      from: SELF,
      to: ADDRESSES.subscriptions,
      body: { resources: [O, subscriptionOf(O), `${O}/children/`], source: SELF },
    });
    expect(registration).toMatchObject({
      type: 'create',
      to: ADDRESSES.registry,
      body: { value: { url: O, name: 'the object', schema: 's', reporter: SELF, dataSchemes: ['context'] } },
    });
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(socket.sent('update', ADDRESSES.registry).body).toEqual({ resource: O });
  });

  test('ends in one frame: told, unregistered, freed', async () => {
    const { socket, reporter, syncher } = await reporting({ name: 'the object' });
    const deleting = syncher.delete(O);
    expect(JSON.parse(socket.frames.at(-1) ?? '')).toMatchObject([
      { type: 'delete', from: subscriptionOf(O), to: changesOf(O), body: {} },
      { type: 'update', to: ADDRESSES.registry, body: { resource: O, value: { status: 'disconnected' } } },
      {
        type: 'unsubscribe',
        to: ADDRESSES.subscriptions,
        body: { resources: [O, subscriptionOf(O), `${O}/children/`] },
      },
    ]);
    await vi.advanceTimersByTimeAsync(2_000);
    await deleting;
    await reporter.delete();
    expect(socket.messages.filter(({ type }) => type === 'delete')).toHaveLength(1);
    socket.deliver(asks('read', O));
    await settle();
    expect(socket.messages.filter(({ type }) => type === 'response')).toEqual([]);
  });

  test.each([
    ['subscriber', { subscriber: BOB, mutual: false }],
    ['source', { source: BOB }],
    ['neither', {}],
  ])('knows its observer, called %s', async (_, body) => {
    const { socket, reporter } = await reporting({ authorise: (hyperty) => hyperty === BOB });
    socket.deliver(asks('subscribe', subscriptionOf(O), body));
    await settle();
    expect(answer(socket)).toMatchObject({
      from: subscriptionOf(O),
      to: BOB,
      body: { code: 200, schema: 's', owner: SELF, value: JSON.parse(JSON.stringify(reporter.object)) },
    });
    expect([...reporter.observers]).toEqual([BOB]);
    socket.deliver(asks('unsubscribe', subscriptionOf(O), body));
    await settle();
    expect([...reporter.observers]).toEqual([]);
  });

  test('refuses whoever is not allowed, has nothing to resume, or asks for more than a message takes', async () => {
    const { socket, reporter } = await reporting();
    socket.deliver(asks('subscribe', subscriptionOf(O)));
    await settle();
    expect(answer(socket).body).toMatchObject({ code: 403, desc: expect.any(String), description: expect.any(String) });
    socket.deliver(asks('read', O));
    await settle();
    expect(answer(socket).body?.code).toBe(401);
    socket.deliver(asks('subscribe', subscriptionOf(O), { resume: true }));
    await settle();
    expect(answer(socket).body?.code).toBe(404);
    const large = await reporting({ authorise: () => true }, 'x'.repeat(31_000));
    large.reporter.update('more', 'x'.repeat(3_000));
    large.socket.deliver(asks('read', O));
    await settle();
    expect(answer(large.socket).body?.code).toBe(500);
    expect(() => reporter.update('text', 'x'.repeat(40_000))).toThrow(expect.objectContaining({ code: 'bad-request' }));
    expect(reporter.version).toBe(0);
  });

  test('tells those it invites what it is, and its application what they answer', async () => {
    const { socket, reporter } = await reporting();
    const told: unknown[] = [];
    reporter.on('accepted', (hyperty) => told.push(['accepted', hyperty]));
    reporter.on('refused', (hyperty, { code }) => told.push([code, hyperty]));
    reporter.invite(BOB, ADDRESSES.hyperty('carol'));
    const [toBob, toCarol] = JSON.parse(socket.frames.at(-1) ?? '');
    const { url, schema, created, lastModified } = reporter.object;
    expect(toBob).toMatchObject({ type: 'create', from: subscriptionOf(O), to: BOB });
    expect(toBob.body).toEqual({
      source: SELF,
      schema: 's',
      value: { url, reporter: SELF, schema, created, lastModified, status: 'live', childrens: [] },
    });
    socket.deliver([respond(toBob), respond(toCarol, { code: 403, desc: 'no' })]);
    await settle();
    expect(told).toEqual([
      ['accepted', BOB],
      ['forbidden', ADDRESSES.hyperty('carol')],
    ]);
    socket.deliver(asks('read', O));
    await settle();
    expect(answer(socket).body?.code).toBe(200);
  });

  test('keeps an observer that refuses its invitation, and loses one that has nothing to resume', async () => {
    const { socket, reporter } = await reporting({ authorise: () => true });
    socket.deliver(asks('subscribe', subscriptionOf(O)));
    await settle();
    reporter.invite(BOB);
    socket.deliver(respond(socket.sent('create', BOB), { code: 404, desc: 'not taken' }));
    await settle();
    expect([...reporter.observers]).toEqual([BOB]);
    reporter.resume();
    expect(socket.sent('create', BOB).body).toMatchObject({ resume: true });
    socket.deliver(respond(socket.sent('create', BOB), { code: 404, desc: 'nothing to resume' }));
    await settle();
    expect([...reporter.observers]).toEqual([]);
  });
});
