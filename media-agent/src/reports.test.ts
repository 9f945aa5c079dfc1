import type { MediaReport, ResponseBody } from '@hyperroom/protocol';
import { expect, test, vi } from 'vitest';
import { SILENT } from './log.ts';
import { ReportOutbox } from './reports.ts';
import type { RoomReport } from './rooms/events.ts';

const report = (participant: string, media: MediaReport['media'] = 'connected'): MediaReport => ({
  report: 'media',
  resource: 'comm://d/r',
  incarnation: 'i',
  epoch: 1,
  participant,
  admitted: 1,
  publication: 'main',
  connection: 'connection://d/c',
  media,
});

/** A conference whose responses the test gives. */
function conference() {
  const sent: { report: unknown; respond: (code: number) => void; fail: () => void }[] = [];
  const outbox = new ReportOutbox({
    log: SILENT,
    send: (report) =>
      new Promise<ResponseBody>((resolve, reject) => {
        sent.push({ report, respond: (code) => resolve({ code }), fail: () => reject(new Error('down')) });
      }),
  });
  return { sent, outbox };
}

test('an undelivered report is sent again when the link is back', async () => {
  const { sent, outbox } = conference();
  outbox.put(report('a'));
  sent[0]?.fail();
  await vi.waitFor(() => {
    outbox.flush();
    expect(sent).toHaveLength(2);
  });
  sent[1]?.respond(200);
  await Promise.resolve();
  outbox.flush();
  expect(sent).toHaveLength(2);
});

test('only the last report about a matter is sent once the one under way has arrived', async () => {
  const { sent, outbox } = conference();
  outbox.put(report('a', 'connected'));
  outbox.put(report('b', 'connected'));
  outbox.put(report('a', 'failed'));
  outbox.put(report('a', 'connected'));
  outbox.put(report('a', 'failed'));
  expect(sent).toHaveLength(2);
  sent[0]?.respond(200);
  await vi.waitFor(() => expect(sent).toHaveLength(3));
  expect(sent[2]?.report).toEqual(report('a', 'failed'));
});

test('reports about different matters do not take the place of each other', () => {
  const { sent, outbox } = conference();
  const stay = { resource: 'comm://d/r', incarnation: 'i', epoch: 1, participant: 'a', admitted: 1 };
  const screen = { publication: 'screen' as const, connection: 'connection://d/s' };
  const reports: RoomReport[] = [
    report('a'),
    { report: 'media', ...stay, ...screen, media: 'connected' },
    { report: 'unpublished', ...stay, ...screen },
    { report: 'gone', ...stay, onlyIfDisconnected: true },
    { report: 'empty', resource: 'comm://d/r', incarnation: 'i', epoch: 1, version: 3 },
  ];
  for (const each of reports) outbox.put(each);
  expect(sent.map(({ report }) => report)).toEqual(reports);
});

test.each([
  [403, true],
  [404, false],
  [429, true],
  [503, true],
])('a %i leads to another attempt: %s', async (code, again) => {
  const { sent, outbox } = conference();
  outbox.put(report('a'));
  sent[0]?.respond(code);
  await new Promise(setImmediate);
  outbox.flush();
  expect(sent).toHaveLength(again ? 2 : 1);
});
