import { subscriptionOf } from '@hyperroom/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SELF } from '../testing/connected.ts';
import { respond } from '../testing/fake-room.ts';
import { answer, asks, BOB, O, observing, settle, snapshot, syncing } from '../testing/syncing.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('children', () => {
  test('are added when the messaging node sends them back, or somebody answers', async () => {
    const { socket, observer } = await observing();
    const heard = vi.fn();
    observer.on('child', heard);
    const adding = observer.addChild('hello');
    socket.deliver(socket.sent('create', `${O}/children/`));
    const child = await adding;
    expect(child).toEqual({ id: expect.stringMatching(`^${SELF}#.`), reporter: SELF, value: 'hello' });
    const other = observer.addChild('again');
    socket.deliver(respond(socket.sent('create', `${O}/children/`), { code: 100 }));
    await other;
    expect(heard).not.toHaveBeenCalled();
    socket.deliver(asks('create', `${O}/children/`, { resource: `${BOB}#1`, value: 7 }));
    expect(heard.mock.calls).toEqual([[{ id: `${BOB}#1`, reporter: BOB, value: 7 }]]);
  });

  test('may be refused', async () => {
    const { socket, observer } = await observing();
    const adding = observer.addChild('hello');
    socket.deliver(respond(socket.sent('create', `${O}/children/`), { code: 403, desc: 'no' }));
    await expect(adding).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('invitations', () => {
  const invitation = asks('create', SELF, { source: BOB, schema: 's', value: { name: 'n' } }, subscriptionOf(O));

  test('are told of, and answered', async () => {
    const { socket, syncher } = await syncing();
    syncher.on('notification', (invited) => {
      expect(invited).toMatchObject({ url: O, reporter: BOB, schema: 's', name: 'n' });
      invited.refuse(423, 'not now');
    });
    socket.deliver(invitation);
    expect(answer(socket)).toMatchObject({ to: subscriptionOf(O), body: { code: 423, desc: 'not now' } });
  });

  test('are refused where nobody listens; other messages are not taken for one', async () => {
    const { socket } = await syncing();
    socket.deliver({ ...invitation, from: BOB });
    expect(() => answer(socket)).toThrow();
    socket.deliver(invitation);
    expect(answer(socket).body?.code).toBe(404);
  });

  test('to go on are followed by a look at the object, if it is observed', async () => {
    const { socket, observer } = await observing();
    const resumed = { ...invitation, body: { ...invitation.body, resume: true } };
    socket.deliver(resumed);
    expect(answer(socket).body?.code).toBe(200);
    socket.deliver(respond(socket.sent('read', O), { code: 200, value: snapshot(8) }));
    await settle();
    expect(observer.version).toBe(8);
    socket.deliver({ ...resumed, from: subscriptionOf('context://example.org/other') });
    expect(answer(socket).body?.code).toBe(404);
  });
});
