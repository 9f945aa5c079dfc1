import { beforeEach, expect, test } from 'vitest';
import { Player } from './playback.ts';
import type { Playback } from './room-events.ts';
import { FakeVideo } from './testing/fake-page.ts';

const REFUSED = new DOMException('play() needs a click', 'NotAllowedError');
const BUSY = new DOMException('interrupted by another load', 'AbortError');

let told: Playback[];
let player: Player;

beforeEach(() => {
  told = [];
  player = new Player((playback) => told.push(playback));
});

function video(refusal?: Error): FakeVideo {
  const made = new FakeVideo();
  made.refusal = refusal;
  return made;
}

/** Gives what was refused the time to say so. */
const refused = () => Promise.resolve();

test('what may play plays', async () => {
  const element = video();
  player.play(element.asVideo);
  await refused();
  expect(element).toMatchObject({ paused: false, autoplay: true });
  expect(player.playback).toBe('allowed');
  expect(told).toEqual([]);
});

test('what may not waits for a click: told once for all, and once more when they play', async () => {
  const elements = [video(REFUSED), video(REFUSED)];
  for (const element of elements) player.play(element.asVideo);
  await refused();
  expect(told).toEqual(['blocked']);
  for (const element of elements) element.refusal = undefined;
  await player.start();
  expect(elements.map(({ paused }) => paused)).toEqual([false, false]);
  expect(told).toEqual(['blocked', 'allowed']);
});

test('a start that is refused again leaves it blocked', async () => {
  const element = video(REFUSED);
  player.play(element.asVideo);
  await refused();
  await player.start();
  expect(player.playback).toBe('blocked');
  expect(told).toEqual(['blocked']);
});

test('a start does not wait for a picture that has yet to come', async () => {
  const element = video(REFUSED);
  player.play(element.asVideo);
  await refused();
  element.refusal = undefined;
  element.play = () => {
    element.paused = false;
    return new Promise<void>(() => {});
  };
  await player.start();
  expect(told).toEqual(['blocked', 'allowed']);
});

test('what the user starts by the controls of the element is blocked no longer', async () => {
  const element = video(REFUSED);
  player.play(element.asVideo);
  await refused();
  element.dispatchEvent(new Event('playing'));
  expect(told).toEqual(['blocked', 'allowed']);
});

test('what is attached no longer does not count, even if it is refused only then', async () => {
  const stop = player.play(video(REFUSED).asVideo);
  await refused();
  stop();
  expect(told).toEqual(['blocked', 'allowed']);
  player.play(video(REFUSED).asVideo)();
  await refused();
  expect(told).toEqual(['blocked', 'allowed']);
});

test('other failures are those of the element', async () => {
  player.play(video(BUSY).asVideo);
  await refused();
  expect(told).toEqual([]);
});
