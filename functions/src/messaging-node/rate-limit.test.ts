import { describe, expect, it } from 'vitest';
import { RATE, rateLimit } from './rate-limit.ts';

function limited() {
  let now = 1_000;
  const admit = rateLimit(() => now, { record() {} });
  const admitted = (connectionId: string, count: number) => {
    let through = 0;
    for (let n = 0; n < count; n++) {
      try {
        admit(connectionId);
        through++;
      } catch {}
    }
    return through;
  };
  const pass = (ms: number) => {
    now += ms;
  };
  return { admit, admitted, pass };
}

describe('the rate of a connection', () => {
  it('has a burst, and fills again', () => {
    const { admitted, pass } = limited();
    expect(admitted('one', 2 * RATE.burst)).toBe(RATE.burst);
    pass(500);
    expect(admitted('one', RATE.burst)).toBe(RATE.perSecond / 2);
    pass(3_600_000);
    expect(admitted('one', 2 * RATE.burst)).toBe(RATE.burst);
  });

  it('is nobody else’s', () => {
    const { admitted } = limited();
    admitted('one', 2 * RATE.burst);
    expect(admitted('other', 1)).toBe(1);
  });

  it('does not suffer from a clock that is put back', () => {
    const { admitted, pass } = limited();
    pass(-10_000);
    expect(admitted('one', 2 * RATE.burst)).toBe(RATE.burst);
    pass(-10_000);
    expect(admitted('one', 1)).toBe(0);
    pass(10);
    expect(admitted('one', 10)).toBe(2);
  });

  it('refuses with 429', () => {
    const { admit, admitted } = limited();
    admitted('one', RATE.burst);
    expect(() => admit('one')).toThrow(expect.objectContaining({ code: 429 }));
  });
});
