import { type Emits, Emitter, type ListenOptions } from '../emitter.ts';
import type { Room } from '../room.ts';
import { Capture } from './capture.ts';
import { DeviceList } from './device-list.ts';
import { Following } from './following.ts';
import { LevelMeter } from './level-meter.ts';
import { ScreenShare, type ShareOptions } from './screen-share.ts';
import { BOTH, type DeviceSource, type SourceState, type VideoSize } from './state.ts';

/** Events of local media, with the arguments of their listeners. */
export interface LocalMediaEvents {
  /** What `state`, `isMuted` or `stream` say of a source has changed. */
  changed: [source: DeviceSource | 'screen'];
  /** `microphones`, `cameras` or `speakers` changed. */
  devicesChanged: [];
  /** `level` was measured: twelve times a second while somebody listens to this. */
  levelChanged: [level: number];
}

/** What to ask of devices, and which. */
export interface LocalMediaOptions {
  /** What to ask of the camera. Default: 640 × 360 pixels, 24 frames a second. */
  video?: VideoSize;
  /** Which devices to take if they are there: those chosen the last time, say. Default: the browser's choice. */
  devices?: { microphone?: string | undefined; camera?: string | undefined };
  /** What gives the devices. Default: `navigator.mediaDevices`. */
  mediaDevices?: MediaDevices;
}

const VIDEO: VideoSize = { width: 640, height: 360, frameRate: 24 };

/**
 * One's own camera, microphone and screen, before a room, in it and after it. Whatever devices and permissions do becomes a state with
 * an event; nothing here rejects because of them.
 *
 *     const media = new LocalMedia();
 *     await media.open();
 *     const room = await hyperroom.join('standup', { name: 'Ada', stream: media.stream, muted: media.muted });
 *     media.follow(room);
 *
 * Making one asks for nothing, and starts nothing. It can be opened again after `stop`.
 */
export class LocalMedia implements Emits<LocalMediaEvents>, Disposable {
  readonly #events = new Emitter<LocalMediaEvents>();
  readonly #capture: Capture;
  readonly #muted = new Set<DeviceSource>();
  readonly #list: DeviceList;
  readonly #meter = new LevelMeter((level) => this.#events.emit('levelChanged', level));
  readonly #screen: ScreenShare;
  #following: Following | undefined;
  #unfollow: (() => void) | undefined;

  constructor(options: LocalMediaOptions = {}) {
    const { video = VIDEO, devices: chosen = {}, mediaDevices: devices = navigator.mediaDevices } = options;
    const list = new DeviceList(devices, () => this.#events.emit('devicesChanged'));
    const isMuted = (source: DeviceSource) => this.isMuted(source);
    const onChange = (source: DeviceSource) => this.#changed(source);
    this.#list = list;
    this.#capture = new Capture({ devices, list, video, chosen, isMuted, onChange });
    this.#screen = new ScreenShare(devices, () => this.#events.emit('changed', 'screen'));
  }

  /** The tracks that there are: at most one of a microphone and one of a camera. The same object for life, for `video.srcObject`. */
  get stream(): MediaStream {
    return this.#capture.stream;
  }

  /** How it is with a device, or with the screen that `shareScreen` shares. The same object until that changes. */
  state(source: DeviceSource | 'screen'): SourceState {
    return source === 'screen' ? this.#screen.state : this.#capture.state(source);
  }

  /** Whether a source gives silence or black pictures, or will when it is opened. In a room that is followed, what the room says. */
  isMuted(source: DeviceSource): boolean {
    return this.#muted.has(source);
  }

  /** The sources that are muted, for `JoinOptions.muted`. */
  get muted(): readonly DeviceSource[] {
    return BOTH.filter((source) => this.#muted.has(source));
  }

  /** The microphones that there are. This and the next two are empty until `open`, or until `devicesChanged` is listened to. */
  get microphones(): readonly MediaDeviceInfo[] {
    return this.#list.of('audioinput');
  }

  /** The cameras that there are. */
  get cameras(): readonly MediaDeviceInfo[] {
    return this.#list.of('videoinput');
  }

  /** What can play sound, for `video.setSinkId`. Empty in browsers that leave that to the system. */
  get speakers(): readonly MediaDeviceInfo[] {
    return this.#list.of('audiooutput');
  }

  /** How loud the microphone is, from 0 (silence, or muted) to 1. Measured while somebody listens to `levelChanged`; else 0. */
  get level(): number {
    return this.#meter.level;
  }

  on<Name extends keyof LocalMediaEvents>(
    name: Name,
    listener: (...args: LocalMediaEvents[Name]) => void,
    options?: ListenOptions,
  ): () => void {
    const stop = this.#events.on(name, listener, options);
    this.#begin(name);
    return stop;
  }

  once<Name extends keyof LocalMediaEvents>(name: Name, options?: ListenOptions): Promise<LocalMediaEvents[Name]> {
    const next = this.#events.once(name, options);
    this.#begin(name);
    return next;
  }

  events<Name extends keyof LocalMediaEvents>(
    name: Name,
    options?: ListenOptions,
  ): AsyncIterable<LocalMediaEvents[Name]> {
    const all = this.#events.events(name, options);
    this.#begin(name);
    return all;
  }

  /**
   * Opens devices, with one question to the user if there are two. Default: microphone and camera. Takes what it can get: one may be on,
   * and the other denied. Resolves when it is clear for all of them; rejects never.
   */
  async open(...sources: DeviceSource[]): Promise<void> {
    this.#list.start();
    await this.#capture.open(orBoth(sources));
  }

  /** Gives devices back: their lights go out. `screen` ends what `shareScreen` began. Default: microphone and camera. */
  close(...sources: (DeviceSource | 'screen')[]): void {
    for (const source of sources.length > 0 ? sources : BOTH) {
      if (source === 'screen') void this.#screen.stop();
      else this.#capture.close(source);
    }
  }

  /**
   * Takes another device. One that is on is exchanged as soon as the other gives something, and stays if it does not (see `error` of
   * its state); one that is off is opened by it when `open` is called. Resolves when that is clear; rejects never.
   */
  async select(source: DeviceSource, deviceId: string): Promise<void> {
    await this.#capture.select(source, deviceId);
  }

  /**
   * Gives silence and black pictures in place of what devices give, at once; the devices stay open, so that it is undone as quickly. In
   * a room that is followed the others are told, as by `localParticipant.mute`, which may reject. Default: microphone and camera.
   */
  async mute(...sources: DeviceSource[]): Promise<void> {
    const given = orBoth(sources);
    this.#setMuted(given, true);
    await this.#following?.room.localParticipant.mute(...given);
  }

  /** Undoes `mute`. In a room that is followed it rejects as `localParticipant.unmute` does: a moderator may have muted the source. */
  async unmute(...sources: DeviceSource[]): Promise<void> {
    const given = orBoth(sources);
    await this.#following?.room.localParticipant.unmute(...given);
    this.#setMuted(given, false);
  }

  /**
   * Has a room send what is here: what is opened from now on is published in it, what is exchanged or unplugged replaced, what is closed
   * unpublished. What the room mutes is muted here, too. Ends when the returned function is called, the room is closed, or another is
   * followed. Why the room did not get something is the `error` of its state.
   */
  follow(room: Room): () => void {
    this.#unfollow?.();
    const over = new AbortController();
    const following = new Following(room, this.stream, (problem) => this.#capture.report(problem));
    const stop = () => {
      over.abort();
      following.stop();
      if (this.#following === following) this.#following = this.#unfollow = undefined;
    };
    const look = () => {
      for (const source of BOTH) this.#setMuted([source], room.localParticipant.isMuted(source));
    };
    room.on('muted', look, over);
    room.on('unmuted', look, over);
    room.on('closed', stop, over);
    this.#following = following;
    this.#unfollow = stop;
    look();
    return stop;
  }

  /**
   * Has the user choose a screen, and publishes it in a room until `close('screen')`, or until the user or the room ends it. Call it in
   * a click. Resolves with whether it is shared: false with the state `off` is somebody who thought better of it, with any other state
   * a failure. Rejects never.
   */
  shareScreen(room: Room, options: ShareOptions = {}): Promise<boolean> {
    return this.#screen.start(room, options);
  }

  /** Closes everything, also what is measured and listened to. A room that is followed is not told: leave it, or close first. */
  stop(): void {
    this.#unfollow?.();
    this.close(...BOTH, 'screen');
    this.#list.stop();
    this.#meter.stop();
  }

  /** As `stop`. */
  [Symbol.dispose](): void {
    this.stop();
  }

  /** What is listed and measured only while somebody wants to know. */
  #begin(name: keyof LocalMediaEvents): void {
    if (name === 'devicesChanged') this.#list.start();
    if (name === 'levelChanged') this.#meter.start();
  }

  #changed(source: DeviceSource): void {
    const track = this.#capture.track('microphone');
    if (source === 'microphone') this.#meter.measure(track);
    this.#events.emit('changed', source);
    // While something is being asked for, what the room has may yet stay, or be replaced by it.
    if (!this.#capture.isAsking) this.#following?.look();
  }

  #setMuted(sources: readonly DeviceSource[], isMuted: boolean): void {
    for (const source of sources.filter((source) => this.#muted.has(source) !== isMuted)) {
      if (isMuted) this.#muted.add(source);
      else this.#muted.delete(source);
      const track = this.#capture.track(source);
      if (track) track.enabled = !isMuted;
      this.#events.emit('changed', source);
    }
  }
}

function orBoth(sources: readonly DeviceSource[]): readonly DeviceSource[] {
  return sources.length > 0 ? sources : BOTH;
}
