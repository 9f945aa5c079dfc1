import { EventEmitter, once } from 'node:events';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { SILENT } from './log.ts';
import { Retirement } from './retirement.ts';
import type { Terminations } from './terminations.ts';

/** A host that does not go before it is told that it may. */
class Host implements Terminations {
  readonly told: string[] = [];
  readonly #news = new EventEmitter();
  announce = () => this.#news.emit('termination');
  fails = false;

  async announced(signal: AbortSignal): Promise<void> {
    await once(this.#news, 'termination', { signal });
  }

  postpone = async () => this.#tell('postpone');
  complete = async () => this.#tell('complete');

  #tell(what: string): void {
    this.told.push(what);
    if (this.fails) throw new Error('no such action');
  }
}

let host: Host;
let calls: EventEmitter;

beforeEach(() => {
  host = new Host();
  calls = new EventEmitter();
});

function retirement(terminations: Terminations | null = host): Retirement {
  const retire = async () => void (await once(calls, 'over'));
  return new Retirement({ retire, terminations, log: SILENT, postponeMs: 5 });
}

describe('a node whose host is to go', () => {
  test.each([false, true])('has it wait until its calls are elsewhere, be it that nobody hears (%s)', async (fails) => {
    host.fails = fails;
    const { over } = retirement();
    host.announce();
    await vi.waitFor(() => expect(host.told.length).toBeGreaterThan(1));
    calls.emit('over');
    await over;
    const [last, ...before] = host.told.toReversed();
    expect([last, new Set(before)]).toEqual(['complete', new Set(['postpone'])]);
  });

  test('is let go as well if an operator has wanted that before', async () => {
    const its = retirement();
    its.begin();
    host.announce();
    await vi.waitFor(() => expect(host.told).toContain('postpone'));
    calls.emit('over');
    await its.over;
    expect(host.told.at(-1)).toBe('complete');
  });
});

test('an operator may retire a node whose host stays', async () => {
  for (const terminations of [host, null]) {
    const its = retirement(terminations);
    its.begin();
    calls.emit('over');
    await its.over;
  }
  expect(host.told).toEqual([]);
});
