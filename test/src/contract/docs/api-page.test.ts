import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiErrorCode, Code, LifecycleEvent, RoomOptions } from '@hyperroom/protocol';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const page = await readFile(join(ROOT, 'docs/api.md'), 'utf8');
const text = page.replace(/^```.*?^```$/gms, '');
const said = new Set([...text.matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) => code.match(/[\w.-]+/g) ?? []));

/** The public members of a class or an interface, as its source has them. */
async function membersOf(file: string, name: string): Promise<string[]> {
  const source = await readFile(join(ROOT, 'client/src', file), 'utf8');
  const [, body] = new RegExp(`(?:class|interface) ${name}\\b[^{]*\\{\\n(.*?)\\n\\}`, 's').exec(source) ?? [];
  if (!body) throw new Error(`${file} has no ${name}`);
  const members = [...body.matchAll(/^ {2}(?:readonly |get |async |\*)*(\w+)\??[(:<]/gm)].map(
    ([, member = '']) => member,
  );
  return members.filter((member) => member !== 'constructor');
}

it.each([
  ['hyperroom.ts', 'Hyperroom'],
  ['hyperroom.ts', 'HyperroomOptions'],
  ['hyperroom.ts', 'JoinOptions'],
  ['room.ts', 'Room'],
  ['room-events.ts', 'RoomEvents'],
  ['emitter.ts', 'Emits'],
  ['participant.ts', 'Participant'],
  ['participant.ts', 'Publication'],
  ['participant.ts', 'RemotePublication'],
  ['participant.ts', 'LocalParticipant'],
  ['participant.ts', 'LocalPublication'],
  ['participant.ts', 'PublishOptions'],
  ['participant.ts', 'WaitingParticipant'],
  ['moderation.ts', 'Moderation'],
  ['channel.ts', 'Channel'],
  ['chat.ts', 'ChatMessage'],
  ['errors.ts', 'HyperroomError'],
  ['server/hyperroom-server.ts', 'HyperroomServer'],
  ['hyperty.ts', 'Hyperty'],
  ['hyperty.ts', 'HypertyEvents'],
  ['syncher/syncher.ts', 'Syncher'],
  ['syncher/types.ts', 'Reporter'],
  ['syncher/types.ts', 'ReporterEvents'],
  ['syncher/types.ts', 'Observer'],
  ['syncher/types.ts', 'ObserverEvents'],
  ['syncher/types.ts', 'Invitation'],
  ['fake/server.ts', 'FakeServer'],
  ['fake/types.ts', 'FakeParticipant'],
])('docs/api.md names all of %s: %s', async (file, name) => {
  const members = await membersOf(file, name);
  expect(members.length).toBeGreaterThan(0);
  expect(members.filter((member) => !said.has(member))).toEqual([]);
});

it('docs/api.md names every error, option and event', async () => {
  const errors = await readFile(join(ROOT, 'client/src/errors.ts'), 'utf8');
  const [, union = ''] = /type HyperroomErrorCode =(.*?);/s.exec(errors) ?? [];
  const codes = [...union.matchAll(/'([\w-]+)'/g)].map(([, code = '']) => code);
  expect(codes.length).toBeGreaterThan(10);
  const names = [
    ...codes,
    ...ApiErrorCode.options,
    ...Object.keys(RoomOptions.entries),
    ...LifecycleEvent.options.map(({ entries }) => entries.event.literal),
  ];
  expect(names.filter((name) => !said.has(name))).toEqual([]);
  const numbers = Object.values(Code).filter((code) => code !== Code.ok);
  expect(numbers.filter((code) => !page.includes(String(code)))).toEqual([]);
});
