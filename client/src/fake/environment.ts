import type { MediaKind } from '@hyperroom/protocol';
import { FakeRTCRtpReceiver } from './peer-connection.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from './tracks.ts';

/** How many servers need what is put in place here: the last one takes it away. */
let users = 0;
let undo: (() => void)[] = [];
/** Until something is clicked, nothing that has sound plays. */
let isBlocked = false;
const watchers = new Map<Element, Set<FakeIntersectionObserver>>();
const hidden = new WeakSet<Element>();

/** Puts in place what this environment lacks of a browser, until the returned function is called. */
export function furnish(): () => void {
  users += 1;
  if (users === 1) undo = [...furnishings()];
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    users -= 1;
    if (users > 0) return;
    for (const each of undo.reverse()) each();
    setBlocked(false);
    watchers.clear();
  };
}

/** Whether elements may play; a click, or a key, allows it as a user's would. */
export function setBlocked(blocked: boolean): void {
  isBlocked = blocked;
  for (const event of ['click', 'keydown']) {
    if (blocked) globalThis.document?.addEventListener(event, allow, { capture: true });
    else globalThis.document?.removeEventListener(event, allow, { capture: true });
  }
}

/** Whether an element can be seen. */
export function setSeen(element: Element, isSeen: boolean): void {
  if (isSeen) hidden.delete(element);
  else hidden.add(element);
  for (const observer of watchers.get(element) ?? []) observer.report(element);
}

/** A live track of its own. */
export function newTrack(kind: MediaKind, label = ''): MediaStreamTrack {
  return hasOwnMedia() ? nativeTrack(kind) : (new FakeMediaStreamTrack(kind, label) as unknown as MediaStreamTrack);
}

const allow = () => setBlocked(false);

/** A browser; jsdom and happy-dom are none. */
const hasOwnMedia = () => 'RTCPeerConnection' in globalThis;

let audio: AudioContext | undefined;

function nativeTrack(kind: MediaKind): MediaStreamTrack {
  audio ??= new AudioContext();
  const stream =
    kind === 'audio' ? audio.createMediaStreamDestination().stream : document.createElement('canvas').captureStream();
  const [track] = stream.getTracks();
  if (!track) throw new Error(`this browser makes no ${kind}`);
  return track;
}

function* furnishings(): Generator<() => void> {
  yield () => {
    audio?.close();
    audio = undefined;
  };
  if (globalThis.HTMLMediaElement) yield replace(HTMLMediaElement.prototype, 'play', play);
  if (hasOwnMedia()) return;
  if (globalThis.HTMLMediaElement) {
    yield replace(HTMLMediaElement.prototype, 'pause', pause);
    // Takes whatever stream it is given.
    yield replace(HTMLMediaElement.prototype, 'srcObject', null);
  }
  for (const [name, value] of Object.entries(FAKES)) yield replace(globalThis, name, value);
}

function replace(target: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { configurable: true, writable: true, value });
  return () => {
    if (before) Object.defineProperty(target, name, before);
    else Reflect.deleteProperty(target, name);
  };
}

async function play(this: HTMLMediaElement): Promise<void> {
  if (isBlocked && !this.muted) throw new DOMException('play() needs a click first', 'NotAllowedError');
  Object.defineProperty(this, 'paused', { configurable: true, value: false });
  this.dispatchEvent(new Event('play'));
  this.dispatchEvent(new Event('playing'));
}

function pause(this: HTMLMediaElement): void {
  Object.defineProperty(this, 'paused', { configurable: true, value: true });
  this.dispatchEvent(new Event('pause'));
}

type Report = (entries: { target: Element; isIntersecting: boolean }[]) => void;

/** All that is in the document is seen, unless a test hides it. */
class FakeIntersectionObserver {
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  observe(target: Element): void {
    watchers.set(target, (watchers.get(target) ?? new Set()).add(this));
    queueMicrotask(() => this.report(target));
  }

  unobserve(target: Element): void {
    watchers.get(target)?.delete(this);
  }

  disconnect(): void {
    for (const observers of watchers.values()) observers.delete(this);
  }

  takeRecords(): [] {
    return [];
  }

  report(target: Element): void {
    if (watchers.get(target)?.has(this)) this.#report([{ target, isIntersecting: !hidden.has(target) }]);
  }
}

/** What there is of these outside browsers does not do. */
const FAKES = {
  MediaStream: FakeMediaStream,
  MediaStreamTrack: FakeMediaStreamTrack,
  RTCRtpReceiver: FakeRTCRtpReceiver,
  IntersectionObserver: FakeIntersectionObserver,
};
