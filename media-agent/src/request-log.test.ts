import { type Message, refusal, response } from '@hyperroom/protocol';
import { beforeEach, expect, test } from 'vitest';
import { Counts } from './counts.ts';
import { SILENT } from './log.ts';
import { RequestLog } from './request-log.ts';
import { Conference, connection } from './rooms/testing.ts';

let now: number;
let counts: Counts;
let requests: RequestLog;
const lines: unknown[] = [];

beforeEach(() => {
  now = 1_000;
  lines.length = 0;
  counts = new Counts();
  requests = new RequestLog({
    counts,
    log: { ...SILENT, info: (...line) => void lines.push(line) },
    clock: () => now,
    objectsOf: (_, refs) => ({ pipeline: 'p', endpoints: refs.map(({ url }) => `p/${url}`) }),
  });
});

function aJoin(trace?: string) {
  const command = new Conference().join('a', [connection('a', 'a-pub', 'main')]);
  const reply = { ...command.reply, received: 950, ...(trace !== undefined && { trace }) };
  return { ...command, reply };
}

function answer({ reply }: ReturnType<typeof aJoin>, make: (request: Message) => Message, outcome = 'delivered') {
  const message = make({ ...reply.request, type: 'create' });
  requests.posted(reply.connectionId, [message], outcome as 'delivered' | 'gone');
}

test('a join is logged when it is answered, with its trace and what Kurento calls what was made for it', () => {
  const join = aJoin('a-1');
  requests.taken(join);
  now = 1_030;
  answer(join, (request) => response(request, 200));
  const { connectionId, request } = join.reply;
  expect(lines).toEqual([
    [
      'answered',
      {
        trace: 'a-1',
        command: 'join',
        room: join.roster.room,
        participant: 'a',
        connectionId,
        request: request.id,
        code: 200,
        pipeline: 'p',
        endpoints: [`p/${join.connections[0]?.url}`],
        ms: 30,
        total: 80,
      },
    ],
  ]);
  expect(counts.take()).toMatchObject({ joinTimes: [80], joinRefusals: {} });
});

test('it is counted without a trace, and once, however often the command comes', () => {
  const join = aJoin();
  requests.taken(join);
  requests.taken(join);
  answer(join, (request) => response(request, 200));
  answer(join, (request) => response(request, 200));
  expect(counts.take()).toMatchObject({ joinTimes: [50] });
  expect(lines).toEqual([]);
});

test('one that is refused is counted by its code, and takes no time', () => {
  const join = aJoin();
  requests.taken(join);
  answer(join, (request) => refusal(request, 503, 'the media server is full'));
  expect(counts.take()).toMatchObject({ joinTimes: [], joinRefusals: { 503: 1 } });
});

test('one whose answer did not arrive is neither', () => {
  const join = aJoin('a-1');
  requests.taken(join);
  answer(join, (request) => response(request, 200), 'gone');
  expect(counts.take()).toMatchObject({ joinTimes: [], joinRefusals: {} });
  expect(lines).toMatchObject([['answer undelivered', { trace: 'a-1' }]]);
});

test('clocks that differ make no time negative', () => {
  const join = aJoin();
  now = 900;
  requests.taken(join);
  answer(join, (request) => response(request, 200));
  expect(counts.take()).toMatchObject({ joinTimes: [0] });
});
