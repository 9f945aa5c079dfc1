import type { DataMessage } from '@hyperroom/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { type MessageList, type MessageLists, messageLists } from './message-lists.ts';
import { useTable } from './table.testing.ts';

const table = useTable();
let lists: MessageLists;

beforeAll(() => {
  lists = messageLists(table());
});

const said = (id: string, data: unknown = id): DataMessage => ({ id, topic: 'chat', data, sent: 'now' });
const aList = (key: string, life = 'this'): MessageList => ({ key, life, most: 3, mostBytes: 1000 });

async function idsOf(list: MessageList): Promise<string[]> {
  return (await lists.read(list)).messages.map(({ id }) => id);
}

describe('a list', () => {
  it('keeps the newest, and each once', async () => {
    const list = aList('newest');
    for (const id of ['a', 'b', 'c', 'c', 'd']) await lists.append(list, said(id));
    expect(await idsOf(list)).toEqual(['c', 'd']);
    for (const id of ['e', 'f', 'g', 'h']) await lists.append(list, said(id));
    expect(await idsOf(list)).toEqual(['f', 'g', 'h']);
  });

  it('keeps no more than fits', async () => {
    const list = aList('bulky');
    for (const id of ['a', 'b', 'c']) await lists.append(list, said(id, 'x'.repeat(400)));
    expect(await idsOf(list)).toEqual(['b', 'c']);
  });

  it('of one life is nothing to another’s', async () => {
    const [one, other] = [aList('lives', 'one'), aList('lives', 'other')];
    await lists.append(one, said('a'));
    expect(await idsOf(other)).toEqual([]);
    await lists.remove(other);
    expect(await idsOf(one)).toEqual(['a']);
    await lists.append(other, said('b'));
    expect([await idsOf(one), await idsOf(other)]).toEqual([[], ['b']]);
  });

  it('is removed as it was seen, or not', async () => {
    const list = aList('seen');
    await lists.append(list, said('a'));
    const { revision } = await lists.read(list);
    await lists.append(list, said('b'));
    await lists.remove(list, revision);
    expect(await idsOf(list)).toEqual(['a', 'b']);
    await lists.remove(list, (await lists.read(list)).revision);
    expect(await idsOf(list)).toEqual([]);
  });
});
