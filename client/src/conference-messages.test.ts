import { Trace } from '@hyperroom/protocol';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { conferenceMessages } from './conference-messages.ts';

const ID = '0b9f4a4e-91f5-4d0c-8e58-a0b1a4a3c001';
const messages = conferenceMessages('domain://conference.d', `hyperty://d/${ID}`, 'comm://d/room');

test('what makes connections carries a trace of its own, by which it is found with all that the participant asks', () => {
  const traced = [
    messages.join({ roomId: 'room', name: 'Alice', auto: true }, { sending: [], muted: [] }, [], undefined),
    messages.update({ connections: [] }),
    messages.reopen(),
  ];
  expect(traced.map(({ trace }) => trace)).toEqual([`${ID}-1`, `${ID}-2`, `${ID}-3`]);
  for (const { trace } of traced) expect(v.is(Trace, trace)).toBe(true);
});

test('what is said all the time carries none', () => {
  expect(messages.update({ speaking: true })).not.toHaveProperty('trace');
});
