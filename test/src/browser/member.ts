import { DEVELOPMENT_SECRET, signToken } from '@hyperroom/local';
import type { TokenClaims } from '@hyperroom/protocol';
import type { Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { MemberPage } from '../call/member-page.ts';
import type {
  ArriveOptions,
  JoinRequest,
  MemberState,
  OtherState,
  Outcome,
  Received,
  RoomState,
} from '../call/member-state.ts';
import type { Scene } from './scene.ts';

export const SOON = { timeout: 15_000, interval: 50 };

/** Participants in a page of their own. */
export class Cast {
  readonly page: Page;
  readonly #members: MemberPage;
  readonly #scene: Scene;

  private constructor(members: MemberPage, scene: Scene) {
    this.page = members.page;
    this.#members = members;
    this.#scene = scene;
  }

  static async open(scene: Scene, browser = scene.browser): Promise<Cast> {
    return new Cast(await MemberPage.open(browser, scene.stack), scene);
  }

  /** Somebody who has not joined anything yet. */
  async arrive(name: string, claims?: Partial<TokenClaims>, seconds = 60): Promise<Member> {
    if (!claims) return this.arriveWith(name);
    const subject = { sub: `user://${this.#scene.stack.domain}/${name}`, role: 'participant', ...claims } as const;
    return this.arriveWith(name, await signToken(subject, DEVELOPMENT_SECRET, seconds));
  }

  /** The same, with a token; without one, as somebody whom nobody vouches for. */
  arriveWith(name: string, token?: string): Promise<Member> {
    return this.arriveAs(name, token === undefined ? {} : { token });
  }

  async arriveAs(name: string, options: ArriveOptions): Promise<Member> {
    const { signalling, domain } = this.#scene.stack;
    await this.run('arrive', name, signalling, domain, options);
    return new Member(this, name);
  }

  /** Somebody who is in a room, with camera and microphone unless `request` says otherwise. */
  async join(name: string, room: string, request: JoinRequest = {}, claims?: Partial<TokenClaims>): Promise<Member> {
    const member = await this.arrive(name, claims);
    expect(await member.join(room, request)).toEqual({ value: null });
    return member;
  }

  run(command: string, ...parameters: unknown[]): Promise<unknown> {
    return this.#members.run(command, ...parameters);
  }
}

export class Member {
  readonly name: string;
  readonly #cast: Cast;

  constructor(cast: Cast, name: string) {
    this.#cast = cast;
    this.name = name;
  }

  /** With camera and microphone unless `request` says otherwise; a room that is not there is created unless told not to. */
  join(room: string, request: JoinRequest = {}, create = true): Promise<Outcome> {
    return this.#run('join', room, { ...(create && { create }), media: ['audio', 'video'], ...request });
  }

  /** Calls the SDK: `call('localParticipant.mute', 'camera')`; `@Ada` is Ada, or her id among the parameters. */
  call(path: string, ...parameters: unknown[]): Promise<Outcome> {
    return this.#run('call', path.split('.'), ...parameters);
  }

  /** The same, and it must succeed. */
  async do(path: string, ...parameters: unknown[]): Promise<unknown> {
    const outcome = await this.call(path, ...parameters);
    if (!('value' in outcome)) throw new Error(`${this.name}: ${path}: ${outcome.code}: ${outcome.message}`);
    return outcome.value;
  }

  publish(media: readonly ('audio' | 'video')[], as: 'main' | 'screen' = 'main'): Promise<Outcome> {
    return this.#run('publish', media, as);
  }

  replace(source: string, label: string): Promise<Outcome> {
    return this.#run('replace', source, label);
  }

  show(from: Member, publication = 'main'): Promise<Outcome> {
    return this.#run('show', from.name, publication);
  }

  place(from: Member, where: 'in sight' | 'out of sight'): Promise<Outcome> {
    return this.#run('place', from.name, where);
  }

  speak(aloud: boolean): Promise<Outcome> {
    return this.#run('speak', aloud);
  }

  listen(topic: string): Promise<Outcome> {
    return this.#run('listen', topic);
  }

  send(topic: string, data: unknown, to?: readonly Member[]): Promise<Outcome> {
    return this.#run('send', topic, data, ...(to ? [to.map(({ name }) => name)] : []));
  }

  async state(): Promise<MemberState> {
    return (await this.#cast.run('state', this.name)) as MemberState;
  }

  async room(): Promise<RoomState> {
    return (await this.#cast.run('room', this.name)) as RoomState;
  }

  /** How it sees somebody else. */
  async sees(other: Member): Promise<OtherState> {
    const { participants } = await this.state();
    const seen = participants[other.name];
    if (!seen) throw new Error(`${this.name} does not see ${other.name}`);
    return seen;
  }

  async events(name: string): Promise<readonly unknown[][]> {
    return (await this.state()).events.filter(([event]) => event === name).map(([, ...details]) => details);
  }

  /** What has come of a publication so far; zeros before anything has. */
  async received(
    from: Member,
    kind: 'audio' | 'video',
    publication = 'main',
  ): Promise<Omit<Received, 'from' | 'publication' | 'kind'>> {
    const all = (await this.#cast.run('received', this.name)) as Received[];
    const isIt = (candidate: Received) =>
      candidate.from === from.name && candidate.kind === kind && candidate.publication === publication;
    return all.find(isIt) ?? { bytes: 0, packets: 0, framesDecoded: 0 };
  }

  /** Waits for `more` further packets, and with video as many further pictures. */
  async expectMore(from: Member, kind: 'audio' | 'video', publication = 'main', more = 5): Promise<void> {
    const before = await this.received(from, kind, publication);
    await vi.waitFor(async () => {
      const now = await this.received(from, kind, publication);
      expect(now.packets, `${kind} of ${from.name}'s ${publication} at ${this.name}`).toBeGreaterThanOrEqual(
        before.packets + more,
      );
      if (kind === 'video') expect(now.framesDecoded ?? 0).toBeGreaterThanOrEqual((before.framesDecoded ?? 0) + more);
    }, SOON);
  }

  /** Watches for a second of the page's own time: not a packet more than those that were on their way. */
  async expectNothing(from: Member, kind: 'audio' | 'video', publication = 'main'): Promise<void> {
    let last = -1;
    await vi.waitFor(
      async () => {
        const { packets } = await this.received(from, kind, publication);
        const stood = packets === last;
        last = packets;
        expect(stood, `${kind} of ${from.name}'s ${publication} at ${this.name} has stopped`).toBe(true);
      },
      { timeout: 10_000, interval: 1_000 },
    );
  }

  /** Has the page do something else that its commands offer. */
  ask(command: string, ...parameters: unknown[]): Promise<unknown> {
    return this.#cast.run(command, this.name, ...parameters);
  }

  async #run(command: string, ...parameters: unknown[]): Promise<Outcome> {
    return (await this.ask(command, ...parameters)) as Outcome;
  }
}
