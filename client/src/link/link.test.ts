import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { errorOf, HyperroomError } from '../errors.ts';
import { FakeSocket } from '../testing/fake-socket.ts';
import { LINGER, Link, type LinkOptions } from './link.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  FakeSocket.made.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const settle = () => vi.advanceTimersByTimeAsync(0);
const LIFETIME = 60_000;

/** The server's answer to who comes by a further socket. */
class Greeting {
  settle: (error?: unknown) => void = () => {};
  readonly done = new Promise<void>((resolve, reject) => {
    this.settle = (error) => (error ? reject(error) : resolve());
  });
}

function linked(options: Partial<LinkOptions> = {}) {
  const told: string[] = [];
  const greetings: Greeting[] = [];
  const link = new Link({
    url: () => 'ws://d/',
    expires: Number.POSITIVE_INFINITY,
    WebSocket: FakeSocket.asWebSocket,
    lifetime: Number.POSITIVE_INFINITY,
    greet: () => {
      const greeting = new Greeting();
      greetings.push(greeting);
      return greeting.done;
    },
    onFrame: (frame) => told.push(`frame ${frame}`),
    onUp: () => told.push('up'),
    onDown: () => told.push('down'),
    onGone: () => told.push('gone'),
    onLost: (error) => told.push(`lost ${error instanceof HyperroomError ? error.code : error}`),
    ...options,
  });
  return { link, told, greetings };
}

async function opened(options: Partial<LinkOptions> = {}) {
  const all = linked(options);
  const socket = FakeSocket.last;
  socket.open();
  await settle();
  all.told.length = 0;
  return { ...all, socket };
}

async function openLast(): Promise<FakeSocket> {
  FakeSocket.last.open();
  await settle();
  return FakeSocket.last;
}

const open = () => FakeSocket.made.filter(({ readyState }) => readyState !== 3);
const refused = (code: number, more = {}) => errorOf({ code, ...more });

describe('the first socket', () => {
  test('is used as soon as it is open', async () => {
    const { link, told } = linked();
    expect(link.current).toBeUndefined();
    await openLast();
    await link.opened;
    expect(told).toEqual(['up']);
    expect(link.current).toBeDefined();
  });

  test('that does not open is the last', async () => {
    const { link, told } = linked();
    FakeSocket.last.drop();
    await expect(link.opened).rejects.toMatchObject({ code: 'connection-refused' });
    expect(told).toEqual(['gone', 'lost connection-refused']);
    expect(FakeSocket.made).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a further socket', () => {
  test('is used when the server knows it', async () => {
    const { link, told, greetings, socket } = await opened();
    socket.drop();
    await openLast();
    expect(link.current).toBeUndefined();
    greetings[0]?.settle();
    await settle();
    expect(told).toEqual(['down', 'gone', 'up']);
  });

  test.each([
    ['timeout', new HyperroomError('timeout', '')],
    ['429', refused(429)],
    ['500', refused(500)],
    ['503', refused(503)],
  ])('is followed by another if it is given up for something that will pass: %s', async (_, error) => {
    const { told, greetings, socket } = await opened();
    socket.drop();
    const second = await openLast();
    greetings[0]?.settle(error);
    await vi.advanceTimersByTimeAsync(125);
    expect(second.readyState).toBe(3);
    expect(FakeSocket.made).toHaveLength(3);
    expect(told).not.toContain('lost');
  });

  test('waits as long as the server says', async () => {
    const { greetings, socket } = await opened();
    socket.drop();
    await openLast();
    greetings[0]?.settle(refused(503, { retryAfter: 7 }));
    await vi.advanceTimersByTimeAsync(6_999);
    expect(FakeSocket.made).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(FakeSocket.made).toHaveLength(3);
  });

  test.each([
    ['forbidden', refused(403)],
    ['not-found', refused(404)],
    ['protocol-error', new HyperroomError('protocol-error', '')],
  ])('is the last if it is given up for good: %s', async (code, error) => {
    const { told, greetings, socket } = await opened();
    socket.drop();
    await openLast();
    greetings[0]?.settle(error);
    await settle();
    expect(told.at(-1)).toBe(`lost ${code}`);
    expect(open()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('that does not open after its token has expired is the last', async () => {
    const { told, socket } = await opened({ expires: Date.now() + 1_000 });
    socket.drop();
    FakeSocket.last.drop();
    expect(told).not.toContain('lost token-expired');
    await vi.advanceTimersByTimeAsync(1_000);
    FakeSocket.last.drop();
    expect(told.at(-1)).toBe('lost token-expired');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('waits for its token, and is followed by another if there is none', async () => {
    const tokens = [
      async () => 'ws://d/?token=1',
      () => Promise.reject(new Error('none now')),
      async () => 'ws://d/?token=3',
    ];
    const { link } = linked({ url: () => tokens.shift()?.() ?? '' });
    await settle();
    (await openLast()).drop();
    await vi.advanceTimersByTimeAsync(125);
    expect(FakeSocket.made.map(({ url }) => url)).toEqual(['ws://d/?token=1', 'ws://d/?token=3']);
    link.close();
  });

  test('after one that lasted is opened at once, after one that did not it waits', async () => {
    const { greetings, socket } = await opened();
    socket.drop();
    await openLast();
    greetings[0]?.settle();
    await settle();
    FakeSocket.last.drop();
    expect(FakeSocket.made).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(125);
    await openLast();
    greetings[1]?.settle();
    await vi.advanceTimersByTimeAsync(10_001);
    FakeSocket.last.drop();
    expect(FakeSocket.made).toHaveLength(4);
  });

  test('that hangs while it opens is replaced by hurry, one that is open is not', async () => {
    const { link, socket } = await opened();
    socket.drop();
    const hanging = FakeSocket.last;
    link.hurry();
    expect(hanging.readyState).toBe(3);
    const next = await openLast();
    link.hurry();
    expect(FakeSocket.last).toBe(next);
  });
});

describe('a socket in doubt', () => {
  test('is read until another is up, and then closed', async () => {
    const { link, told, greetings, socket } = await opened();
    link.doubt();
    expect(told).toEqual(['down']);
    expect(socket.readyState).toBe(1);
    await openLast();
    socket.deliver('late');
    expect(told).toEqual(['down', 'frame late']);
    greetings[0]?.settle();
    await settle();
    expect(told).toEqual(['down', 'frame late', 'gone', 'up']);
    expect(socket.readyState).toBe(3);
  });

  test('is trusted again if something comes by it before another is open', async () => {
    const { link, told, socket } = await opened();
    link.doubt();
    socket.deliver('after all');
    expect(told).toEqual(['down', 'up', 'frame after all']);
    expect(open()).toEqual([socket]);
  });

  test('that closes is gone, and another is on its way', async () => {
    const { link, told, greetings, socket } = await opened();
    link.doubt();
    socket.drop();
    await openLast();
    greetings[0]?.settle();
    await settle();
    expect(told).toEqual(['down', 'gone', 'up']);
    expect(FakeSocket.made).toHaveLength(2);
  });
});

describe('before its time is over a socket', () => {
  test('is replaced by one that is opened beside it, and still read for a while', async () => {
    const { told, greetings, socket } = await opened({ lifetime: LIFETIME });
    await vi.advanceTimersByTimeAsync(LIFETIME);
    await openLast();
    expect(told).toEqual([]);
    greetings[0]?.settle();
    await settle();
    socket.deliver('on its way');
    await vi.advanceTimersByTimeAsync(LINGER - 1);
    expect(socket.readyState).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(socket.readyState).toBe(3);
    expect(told).toEqual(['up', 'frame on its way', 'gone']);
  });

  test('goes on if that fails, whatever the reason, and it is tried again', async () => {
    const { link, told, greetings } = await opened({ lifetime: LIFETIME });
    const { current } = link;
    await vi.advanceTimersByTimeAsync(LIFETIME);
    await openLast();
    greetings[0]?.settle(refused(403));
    await settle();
    expect(link.current).toBe(current);
    expect(told).toEqual(['gone']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeSocket.made).toHaveLength(3);
  });

  test('may be lost meanwhile: the other one takes over', async () => {
    const { told, greetings, socket } = await opened({ lifetime: LIFETIME });
    await vi.advanceTimersByTimeAsync(LIFETIME);
    await openLast();
    socket.drop();
    greetings[0]?.settle();
    await settle();
    expect(told).toEqual(['down', 'gone', 'up']);
    expect(FakeSocket.made).toHaveLength(2);
  });
});

/** What happens to a link: to its newest socket, to those before, at the server, and to the page. */
const happening = fc.constantFrom(
  'open',
  'drop',
  'dropOldest',
  'known',
  'refused',
  'doubt',
  'renew',
  'hurry',
  'frame',
  'pass',
);

test('whatever happens, at most one socket is sent by and one opened; and it comes back once nothing stands against it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 40 }), async (happenings) => {
      FakeSocket.made.length = 0;
      const { link, told, greetings } = await opened({ lifetime: LIFETIME });
      const answer = (error?: unknown) => {
        for (const greeting of greetings.splice(0)) greeting.settle(error);
      };
      const happen: Record<string, () => unknown> = {
        open: () => FakeSocket.last.readyState === 0 && FakeSocket.last.open(),
        drop: () => open().at(-1)?.drop(),
        dropOldest: () => open()[0]?.drop(),
        known: () => answer(),
        refused: () => answer(refused(503)),
        doubt: () => link.doubt(),
        renew: () => link.renew(),
        hurry: () => link.hurry(),
        frame: () =>
          open()
            .findLast(({ readyState }) => readyState === 1)
            ?.deliver('x'),
        pass: () => vi.advanceTimersByTimeAsync(20_000),
      };
      for (const name of happenings) {
        await happen[name]?.();
        await settle();
        expect(FakeSocket.made.filter(({ readyState }) => readyState === 0).length).toBeLessThanOrEqual(1);
        const states = told.filter((word) => word === 'up' || word === 'down');
        expect(states.at(-1) === 'down').toBe(link.current === undefined);
        expect(states.some((state, index) => state === 'down' && states[index - 1] === 'down')).toBe(false);
      }
      for (let round = 0; round < 5 && !link.current; round++) {
        await vi.advanceTimersByTimeAsync(5_000);
        happen.open?.();
        await settle();
        answer();
        await settle();
      }
      expect(link.current).toBeDefined();
      await vi.advanceTimersByTimeAsync(LINGER);
      link.close();
      expect(open()).toEqual([]);
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 200 },
  );
});
