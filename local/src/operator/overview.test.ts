import { expect, test } from 'vitest';
import { overviewOf } from './overview.ts';

const S = (text: string) => ({ S: text });
const N = (number: number) => ({ N: String(number) });
const M = (members: object) => ({ M: members });
const L = (...members: object[]) => ({ L: members });

const room = {
  pk: S('room#lab'),
  version: N(5),
  epoch: N(2),
  node: S('hyperty://localhost/media-media-1'),
  created: S('2026-01-01T00:00:00.000Z'),
  options: M({ capacity: N(50), locked: { BOOL: true } }),
  moderators: L(S('ada')),
  'member.ada': M({
    name: S('Ada'),
    connectionId: S('c1'),
    publications: M({ main: M({ kinds: L(S('audio'), S('video')), media: S('connected'), connection: S('x') }) }),
    muted: L(S('camera')),
  }),
  'member.ben': M({ name: S('Ben'), connectionId: S('c2'), status: S('disconnected') }),
  'waiting.eve': M({ name: S('Eve') }),
};
const nodes = {
  pk: S('media-nodes'),
  'node.hyperty://localhost/media-media-1': M({
    url: S('hyperty://localhost/media-media-1'),
    capacity: N(140),
    load: N(6),
    heard: N(9_000),
    connectionId: S('c0'),
    away: N(9_500),
  }),
};
const state = { id: 'media-1', agentRestarts: 1, engineRestarts: undefined, pipelines: [] };

test('rooms, participants and nodes are as the table has them', () => {
  const overview = overviewOf([room, nodes, { pk: S('address#x') }], [state], 10_000);
  expect(overview.items).toBe(3);
  expect(overview.rooms).toEqual([
    {
      id: 'lab',
      version: 5,
      epoch: 2,
      node: 'media-1',
      created: '2026-01-01T00:00:00.000Z',
      options: { capacity: 50, locked: true },
      waiting: ['Eve'],
      participants: [
        {
          id: 'ada',
          name: 'Ada',
          connectionId: 'c1',
          role: 'moderator',
          status: 'live',
          publications: [{ name: 'main', kinds: ['audio', 'video'], media: 'connected' }],
          muted: ['camera'],
          blocked: [],
        },
        {
          id: 'ben',
          name: 'Ben',
          connectionId: 'c2',
          role: 'participant',
          status: 'disconnected',
          publications: [],
          muted: [],
          blocked: [],
        },
      ],
    },
  ]);
  expect(overview.nodes).toEqual([
    {
      ...state,
      capacity: 140,
      load: 6,
      draining: false,
      rooms: 0,
      participants: 0,
      heard: 1_000,
      away: true,
      connectionId: 'c0',
    },
  ]);
});

test('what is written otherwise is left out, and a room may wait for a node', () => {
  const waiting = { ...room, node: S('none') };
  expect(overviewOf([{ pk: S('room#odd') }, waiting], [], 0).rooms).toMatchObject([{ node: '' }]);
});
