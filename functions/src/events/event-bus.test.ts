import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { LifecycleEvent } from '@hyperroom/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openEventBus } from './event-bus.ts';

interface Entry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

interface Put {
  readonly status?: number;
  /** Whether an entry is taken. */
  readonly takes?: (entry: Entry) => boolean;
}

/** EventBridge, as far as PutEvents goes: answers each request by the next of `answers`, and takes everything after those. */
let puts: Entry[][];
let answers: Put[];
let server: Server;

async function answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
  expect(request.headers['x-amz-target']).toBe('AWSEvents.PutEvents');
  const { Entries } = JSON.parse(await text(request)) as { Entries: Entry[] };
  puts.push(Entries);
  const { status = 200, takes = () => true } = answers.shift() ?? {};
  if (status !== 200) return { status, body: { __type: 'InternalException', message: 'broken' } };
  const results = Entries.map((entry) => (takes(entry) ? { EventId: 'x' } : { ErrorCode: 'ThrottlingException' }));
  const FailedEntryCount = results.filter((result) => 'ErrorCode' in result).length;
  return { status, body: { FailedEntryCount, Entries: results } };
}

beforeEach(async () => {
  puts = [];
  answers = [];
  server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL_EVENTBRIDGE', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function anEvent(id: string): LifecycleEvent {
  const room = { id: 'standup', url: 'comm://localhost/standup', incarnation: 'i', metadata: {} };
  return { event: 'room.started', id, time: '2026-01-01T00:00:00.000Z', room };
}

const ids = (entries: readonly Entry[] = []) => entries.map(({ Detail }) => (JSON.parse(Detail) as { id: string }).id);

describe('the event bus', () => {
  it('is none without a name', () => {
    expect(openEventBus(undefined)).toBeUndefined();
    expect(openEventBus('')).toBeUndefined();
  });

  it('gets the whole event, under its name', async () => {
    await openEventBus('bus')?.publish([anEvent('e1')]);
    expect(puts).toEqual([
      [expect.objectContaining({ EventBusName: 'bus', Source: 'hyperroom', DetailType: 'room.started' })],
    ]);
    expect(JSON.parse(puts[0]?.[0]?.Detail ?? '')).toEqual(anEvent('e1'));
  });

  it('gets no more than ten at a time, and nothing if there is nothing', async () => {
    const events = Array.from({ length: 23 }, (_, n) => anEvent(`e${n}`));
    await openEventBus('bus')?.publish(events);
    expect(puts.map((entries) => entries.length).sort()).toEqual([10, 10, 3]);
    expect(puts.flatMap(ids).sort()).toEqual(events.map(({ id }) => id).sort());
    puts = [];
    await openEventBus('bus')?.publish([]);
    expect(puts).toEqual([]);
  });

  it('gets once more what it has not taken, and only that', async () => {
    answers = [{ takes: ({ Detail }) => !Detail.includes('"e2"') }];
    const logged = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await openEventBus('bus')?.publish(['e1', 'e2', 'e3'].map(anEvent));
    expect(puts.map(ids)).toEqual([['e1', 'e2', 'e3'], ['e2']]);
    expect(logged).not.toHaveBeenCalled();
  });

  it('that does not take them at all fails nothing: what is lost is logged', async () => {
    answers = [{ takes: () => false }, { takes: () => false }, { status: 400 }];
    const logged = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const bus = openEventBus('bus');
    await bus?.publish([anEvent('e1')]);
    expect(puts).toHaveLength(2);
    expect(logged.mock.calls.at(-1)?.[0]).toContain('e1');
    await bus?.publish([anEvent('e2')]);
    expect(puts).toHaveLength(3);
    expect(logged).toHaveBeenCalledTimes(2);
  });

  it('is asked again by itself after an error of its own', async () => {
    answers = [{ status: 500 }];
    await openEventBus('bus')?.publish([anEvent('e1')]);
    expect(puts.map(ids)).toEqual([['e1'], ['e1']]);
  });
});
