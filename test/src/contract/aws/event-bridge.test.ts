import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { ManualClock } from '@hyperroom/local/aws';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Fixture, startFixture } from './harness.ts';
import { Receiver } from './receiver.ts';

const clock = new ManualClock();
let receiver: Receiver;
let fixture: Fixture;
let eventBridge: EventBridgeClient;
let EventBusName: string;
beforeAll(async () => {
  receiver = await Receiver.open();
  fixture = await startFixture({ clock, webhookUrl: receiver.url });
  const { region, credentials, dynamoDbUrl, outputs } = fixture.emulator;
  eventBridge = new EventBridgeClient({ region, credentials, endpoint: dynamoDbUrl });
  EventBusName = outputs.EventBusName ?? '';
});
afterAll(async () => {
  eventBridge.destroy();
  await fixture[Symbol.asyncDispose]();
  receiver.close();
});
beforeEach(() => receiver.reset());

function started(room: string): PutEventsRequestEntry {
  return { EventBusName, Source: 'hyperroom', DetailType: 'room.started', Detail: JSON.stringify({ room }) };
}

function put(...Entries: PutEventsRequestEntry[]) {
  return eventBridge.send(new PutEventsCommand({ Entries }));
}

test('an event reaches the function behind the rule, as EventBridge shapes it', async () => {
  const Time = new Date('2026-01-02T03:04:05.678Z');
  const { FailedEntryCount, Entries } = await put({ ...started('a'), Resources: ['comm://localhost/a'], Time });
  expect(FailedEntryCount).toBe(0);
  const [{ event }] = await receiver.received(1);
  expect(event).toEqual({
    version: '0',
    id: Entries?.[0]?.EventId,
    'detail-type': 'room.started',
    source: 'hyperroom',
    account: '000000000000',
    time: '2026-01-02T03:04:05Z',
    region: fixture.emulator.region,
    resources: ['comm://localhost/a'],
    detail: { room: 'a' },
  });
});

test('ten at once arrive, in the journal under their type', async () => {
  const rooms = Array.from({ length: 10 }, (_, index) => `room ${index}`);
  await put(...rooms.map(started));
  const received = await receiver.received(10);
  expect(received.map(({ event }) => event.detail.room).toSorted()).toEqual(rooms);
  await fixture.settled();
  const { journal } = await fixture.emulator.metrics();
  expect(journal.at(-1)).toMatchObject({ function: 'webhook', routeKey: 'room.started' });
});

test('the bus may be named by its ARN', async () => {
  const arn = `arn:aws:events:${fixture.emulator.region}:000000000000:event-bus/${EventBusName}`;
  await put({ ...started('by ARN'), EventBusName: arn });
  expect(await receiver.received(1)).toMatchObject([{ event: { detail: { room: 'by ARN' } } }]);
});

test('what no rule matches is accepted, and reaches nobody: another source, another bus', async () => {
  const { EventBusName: _, ...onDefaultBus } = started('default bus');
  const { FailedEntryCount } = await put({ ...started('other'), Source: 'other' }, onDefaultBus, started('wanted'));
  expect(FailedEntryCount).toBe(0);
  expect(await receiver.received(1)).toMatchObject([{ event: { detail: { room: 'wanted' } } }]);
  await fixture.settled();
  expect(receiver.count).toBe(1);
});

test('each entry fails by itself', async () => {
  const { Source: _, ...withoutSource } = started('no source');
  const result = await put(
    withoutSource,
    { ...started('no JSON'), Detail: '{' },
    { ...started('list'), Detail: '[]' },
    started('good'),
  );
  expect(result.FailedEntryCount).toBe(3);
  expect(result.Entries).toMatchObject([
    { ErrorCode: 'InvalidArgument', ErrorMessage: expect.stringContaining('Source') },
    { ErrorCode: 'MalformedDetail' },
    { ErrorCode: 'MalformedDetail' },
    { EventId: expect.any(String) },
  ]);
  expect(await receiver.received(1)).toMatchObject([{ event: { detail: { room: 'good' } } }]);
});

test.each([
  ['eleven entries', () => Array.from({ length: 11 }, () => started('many'))],
  ['no entry', () => []],
  ['more than 256 KB', () => [started('x'.repeat(128 * 1024)), started('x'.repeat(128 * 1024))]],
])('%s are refused as a whole', async (_, entries) => {
  await expect(put(...entries())).rejects.toMatchObject({ name: 'ValidationException' });
});

test('a stranger is refused', async () => {
  const { region, credentials, dynamoDbUrl } = fixture.emulator;
  const stranger = new EventBridgeClient({
    region,
    credentials: { ...credentials, secretAccessKey: 'wrong' },
    endpoint: dynamoDbUrl,
  });
  await expect(stranger.send(new PutEventsCommand({ Entries: [started('a')] }))).rejects.toMatchObject({
    name: 'InvalidSignatureException',
  });
});

test('a function may put events on the bus of the stack, and on no other', async () => {
  const client = await fixture.connect();
  expect(await client.ask({ do: 'put-event' })).toEqual({ failed: 0 });
  expect(await receiver.received(1)).toMatchObject([{ event: { detail: { room: 'from a function' } } }]);
  expect(await client.ask({ do: 'put-event', bus: 'default' })).toEqual({ name: 'AccessDeniedException' });
});

test('the webhook has a secret of its own', async () => {
  await put(started('a'));
  const { tokenSecret, webhookSecret } = fixture.emulator.secrets;
  expect(await receiver.received(1)).toMatchObject([{ secret: webhookSecret }]);
  expect(webhookSecret).not.toBe(tokenSecret);
  expect(fixture.emulator.secretValue).toBe(tokenSecret);
});

describe('a webhook that fails', () => {
  const minute = 60_000;

  /** Waits until so many posts have been answered, and the functions which made them have ended. */
  async function attempts(count: number): Promise<void> {
    await receiver.received(count);
    await fixture.settled();
    // An attempt is planned when its predecessor's end is known, which is a turn of the event loop later.
    await new Promise(setImmediate);
  }

  test('gets the same event again after a minute, and after two more', async () => {
    receiver.answerWith(503, 503);
    await put(started('persistent'));
    await attempts(1);
    clock.advance(minute - 1);
    await fixture.settled();
    expect(receiver.count).toBe(1);
    clock.advance(1);
    await attempts(2);
    clock.advance(2 * minute);
    await attempts(3);
    const received = await receiver.received(3);
    expect(new Set(received.map(({ event }) => event.id)).size).toBe(1);
    clock.advance(60 * minute);
    await fixture.settled();
    expect(receiver.count).toBe(3);
  });

  test('is left alone after three attempts', async () => {
    receiver.answerWith(503, 503, 503, 503);
    await put(started('hopeless'));
    for (const count of [1, 2, 3]) {
      await attempts(count);
      clock.advance(5 * minute);
    }
    await fixture.settled();
    expect(receiver.count).toBe(3);
  });
});

test('a stack without events has no bus, and its functions know of none', async () => {
  await using plain = await startFixture();
  expect(plain.emulator.outputs).not.toHaveProperty('EventBusName');
  expect(Object.keys(plain.emulator.secrets)).not.toContain('webhookSecret');
  const client = await plain.connect();
  expect(await client.ask({ do: 'put-event' })).toEqual({ name: 'AccessDeniedException' });
});
