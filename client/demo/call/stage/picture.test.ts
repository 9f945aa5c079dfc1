import { expect, it } from 'vitest';
import type { Publication } from '../../../src/index.ts';
import type { ParticipantView, PublicationView } from '../../../src/react/index.ts';
import { pictureOf } from './picture.ts';

const publication: Publication = {
  name: 'main',
  sources: ['microphone', 'camera'],
  media: 'connected',
  stream: {} as MediaStream,
  tracks: [],
};
const MAIN: PublicationView = {
  ...publication,
  isSubscribed: true,
  isShown: true,
  isSeen: true,
  paused: [],
  publication,
};
const NOTHING = { microphone: false, camera: false, screen: false };
const BEN: ParticipantView = {
  id: 'ben',
  name: 'Ben',
  user: 'user://example.org/ben',
  isLocal: false,
  role: 'participant',
  status: 'live',
  metadata: {},
  muted: NOTHING,
  blocked: NOTHING,
  publications: { main: MAIN },
};
const FEW = { published: 1, lastN: 7 };
const withMain = (changes: Partial<PublicationView>) => ({ ...BEN, publications: { main: { ...MAIN, ...changes } } });

it('is there without a word if all is well', () => {
  expect(pictureOf(BEN, 'main', FEW)).toEqual({ isShown: true });
});

it('is none while the camera is muted, or of who publishes nothing', () => {
  expect(pictureOf({ ...BEN, muted: { ...NOTHING, camera: true } }, 'main', FEW)).toEqual({ isShown: false });
  expect(pictureOf({ ...BEN, publications: {} }, 'main', FEW)).toEqual({ isShown: false });
});

it('says why it is not received', () => {
  expect(pictureOf(withMain({ isSubscribed: false }), 'main', FEW).badge).toBe('Not received');
  expect(pictureOf(withMain({ isShown: false }), 'main', FEW).badge).toBe('Connecting…');
  expect(pictureOf(withMain({ isShown: false }), 'main', { published: 9, lastN: 7 })).toEqual({
    isShown: false,
    badge: 'Not among the 7 shown',
    isQuiet: true,
  });
  expect(pictureOf(withMain({ paused: ['video'] }), 'main', FEW)).toEqual({ isShown: false, badge: 'Picture paused' });
  expect(pictureOf(withMain({ media: 'failed' }), 'main', FEW).badge).toBe('No picture or sound');
});

it('stays while its sender reconnects, or connects', () => {
  expect(pictureOf({ ...BEN, status: 'disconnected' }, 'main', FEW)).toEqual({ isShown: true, badge: 'Reconnecting…' });
  expect(pictureOf(withMain({ media: 'connecting' }), 'main', FEW)).toEqual({ isShown: true, badge: 'Connecting…' });
});

it('tells of oneself that nothing arrives', () => {
  const me = { ...withMain({ media: 'failed' as const }), isLocal: true };
  expect(pictureOf(me, 'main', FEW).badge).toBe('Nobody sees or hears you');
});
