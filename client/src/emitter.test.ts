import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Emitter } from './emitter.ts';
import { HyperroomError } from './errors.ts';

interface Events {
  said: [word: string, loudly: boolean];
  closed: [];
}

let emitter: Emitter<Events>;
const heard = vi.fn<(word: string, loudly: boolean) => void>();

beforeEach(() => {
  emitter = new Emitter();
  heard.mockReset();
});

/** Takes all that comes until the loop ends. */
async function all(words: AsyncIterable<Events['said']>): Promise<string[]> {
  const taken: string[] = [];
  for await (const [word] of words) taken.push(word);
  return taken;
}

describe('on', () => {
  test('hears each event with its arguments, until stopped', () => {
    const stop = emitter.on('said', heard);
    expect(emitter.emit('said', 'yes', true)).toBe(true);
    stop();
    expect(emitter.emit('said', 'no', false)).toBe(false);
    expect(heard.mock.calls).toEqual([['yes', true]]);
  });

  test('until its signal is aborted, and not at all if it is', () => {
    const aborting = new AbortController();
    emitter.on('said', heard, { signal: aborting.signal });
    emitter.emit('said', 'yes', true);
    aborting.abort();
    emitter.on('said', heard, { signal: aborting.signal });
    expect(emitter.emit('said', 'no', true)).toBe(false);
    expect(heard).toHaveBeenCalledTimes(1);
  });

  test('lets go of the signal when it is stopped', () => {
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    emitter.on('said', heard, { signal })();
    expect(removed).toHaveBeenCalledOnce();
  });

  test('the same listener listens as often as it was given', () => {
    const stop = emitter.on('said', heard);
    emitter.on('said', heard);
    emitter.emit('said', 'twice', true);
    stop();
    emitter.emit('said', 'once', true);
    expect(heard.mock.calls.map(([word]) => word)).toEqual(['twice', 'twice', 'once']);
  });

  test('who is stopped by another listener does not hear of it, who begins hears of the next', () => {
    const later = vi.fn();
    emitter.on('said', () => {
      stop();
      emitter.on('said', later);
    });
    const stop = emitter.on('said', heard);
    emitter.emit('said', 'first', true);
    expect(heard).not.toHaveBeenCalled();
    expect(later).not.toHaveBeenCalled();
    emitter.emit('said', 'second', true);
    expect(later).toHaveBeenCalledOnce();
  });

  test('what a listener throws is reported as uncaught, and the others hear', () => {
    const uncaught = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => {});
    const fault = new Error('of the application');
    emitter.on('said', () => {
      throw fault;
    });
    emitter.on('said', heard);
    emitter.emit('said', 'on', true);
    expect(heard).toHaveBeenCalledOnce();
    expect(uncaught.mock.calls[0]?.[0]).toThrow(fault);
    uncaught.mockRestore();
  });

  test('nothing once it has ended', () => {
    emitter.on('said', heard);
    emitter.end();
    emitter.on('said', heard);
    expect(emitter.emit('said', 'no', true)).toBe(false);
  });
});

describe('once', () => {
  test('resolves with the arguments of the next event', async () => {
    const said = emitter.once('said');
    emitter.emit('said', 'first', true);
    emitter.emit('said', 'second', true);
    await expect(said).resolves.toEqual(['first', true]);
    expect(emitter.emit('said', 'third', true)).toBe(false);
  });

  test("rejects with the signal's reason, before and while it waits", async () => {
    const aborting = new AbortController();
    const said = emitter.once('said', { signal: aborting.signal });
    const reason = new Error('enough');
    aborting.abort(reason);
    await expect(said).rejects.toBe(reason);
    await expect(emitter.once('said', { signal: aborting.signal })).rejects.toBe(reason);
    expect(emitter.emit('said', 'no', true)).toBe(false);
  });

  test('rejects when it ends first, or has ended', async () => {
    const [said, closed] = [emitter.once('said'), emitter.once('closed')];
    emitter.emit('closed');
    emitter.end();
    await expect(closed).resolves.toEqual([]);
    await expect(said).rejects.toMatchObject({ name: 'HyperroomError', code: 'connection-lost' });
    await expect(emitter.once('said')).rejects.toBeInstanceOf(HyperroomError);
  });
});

describe('events', () => {
  test('yields what has come since the call, in order, and ends with the emitter', async () => {
    const words = emitter.events('said');
    emitter.emit('said', 'before', true);
    const taken = all(words);
    emitter.emit('said', 'while', true);
    await Promise.resolve();
    emitter.emit('said', 'after', true);
    emitter.end();
    await expect(taken).resolves.toEqual(['before', 'while', 'after']);
    await expect(all(emitter.events('said'))).resolves.toEqual([]);
  });

  test('listens no longer when the loop is left', async () => {
    const words = emitter.events('said');
    emitter.emit('said', 'enough', true);
    for await (const [word] of words) {
      expect(word).toBe('enough');
      break;
    }
    expect(emitter.emit('said', 'more', true)).toBe(false);
  });

  test('ends at once when its signal is aborted', async () => {
    const aborting = new AbortController();
    const words = emitter.events('said', { signal: aborting.signal });
    emitter.emit('said', 'left behind', true);
    aborting.abort();
    await expect(all(words)).resolves.toEqual([]);
    await expect(all(emitter.events('said', { signal: aborting.signal }))).resolves.toEqual([]);
    expect(emitter.emit('said', 'more', true)).toBe(false);
  });

  test('each taker gets its own, and the end', async () => {
    const words = emitter.events('said')[Symbol.asyncIterator]();
    const taken = Promise.all([words.next(), words.next(), words.next()]);
    emitter.emit('said', 'one', true);
    emitter.emit('said', 'two', true);
    emitter.end();
    await expect(taken).resolves.toEqual([
      { value: ['one', true], done: false },
      { value: ['two', true], done: false },
      { value: undefined, done: true },
    ]);
  });
});
