import { ManualClock } from '@hyperroom/local/aws';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Client, type Fixture, startFixture } from './harness.ts';

const frameLimit = 32 * 1024;
const messageLimit = 128 * 1024;
const idleMs = 10 * 60 * 1000;
const connectionMs = 2 * 60 * 60 * 1000;

describe('sizes', () => {
  let fixture: Fixture;
  let client: Client;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture[Symbol.asyncDispose]());
  beforeEach(async () => {
    client = await fixture.connect();
  });

  test('a frame of 32 KB is delivered', async () => {
    expect(await client.ask(measured(frameLimit))).toEqual({ length: frameLimit });
  });

  test('a longer frame closes with 1009, and is not delivered', async () => {
    const { messagesUp } = (await fixture.emulator.metrics()).total;
    client.send(measured(frameLimit + 1));
    expect(await client.closed).toMatchObject({ code: 1009 });
    expect((await fixture.emulator.metrics()).total.messagesUp).toBe(messagesUp);
  });

  test('a message of 128 KB in four frames is delivered', async () => {
    sendInFrames(client, measured(messageLimit));
    expect(await client.next()).toEqual({ length: messageLimit });
  });

  test('a longer message closes with 1009, however small its frames', async () => {
    sendInFrames(client, measured(messageLimit + 1));
    expect(await client.closed).toMatchObject({ code: 1009 });
  });

  test('a binary frame closes with 1003', async () => {
    client.socket.send(Buffer.from([1, 2, 3]));
    expect(await client.closed).toMatchObject({ code: 1003 });
  });
});

describe('time', () => {
  test('after 10 minutes of silence the connection closes with 1001', async () => {
    const clock = new ManualClock();
    await using fixture = await startFixture({ clock });
    const client = await fixture.connect();
    const connectionId = await fixture.onlyConnection();
    clock.advance(idleMs - 1);
    await client.ask({ do: 'report' });
    clock.advance(idleMs - 1);
    await client.ask({ do: 'report' });
    clock.advance(idleMs);
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
    expect((await fixture.disconnectEvent(connectionId)).requestContext).toMatchObject({ disconnectStatusCode: 1001 });
  });

  test('after 2 hours it closes however busy it is', async () => {
    const clock = new ManualClock();
    await using fixture = await startFixture({ clock });
    const client = await fixture.connect();
    for (let elapsed = 0; elapsed < connectionMs; elapsed += idleMs / 2) {
      await client.ask({ do: 'report' });
      clock.advance(idleMs / 2);
    }
    expect(await client.closed).toMatchObject({ code: 1001 });
  });
});

/** A message of this length, to be answered with its length. */
function measured(length: number): string {
  const empty = JSON.stringify({ do: 'measure', padding: '' });
  return JSON.stringify({ do: 'measure', padding: 'x'.repeat(length - empty.length) });
}

function sendInFrames(client: Client, message: string): void {
  for (let start = 0; start < message.length; start += frameLimit) {
    const end = start + frameLimit;
    client.socket.send(message.slice(start, end), { fin: end >= message.length });
  }
}
