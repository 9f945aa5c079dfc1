import { delayAfter, spread } from '../backoff.ts';
import { HyperroomError, isPassing, retryAfterOf } from '../errors.ts';
import type { Destination } from './destination.ts';
import { Line } from './line.ts';

/** Milliseconds that a socket may take to open. */
const OPENING = 10_000;
/** Milliseconds that a socket is still read after another has taken over: for what was on its way. */
export const LINGER = 10_000;
/** Milliseconds after which the loss of a socket says nothing about the next one. */
const STABLE = 10_000;
/** Milliseconds until a socket that still works is tried to be replaced again. */
const UNHURRIED = 60_000;
/** How attempts to open a socket follow the first, which is made at once: a server that lost everybody at one moment gets them back at different ones. */
const PACE = { first: 250, longest: 5_000, chance: 1 };

export interface LinkOptions extends Destination {
  WebSocket: typeof WebSocket;
  /** Milliseconds, more or less, until a socket is replaced ahead of its end. */
  lifetime: number;
  onFrame: (frame: string) => void;
  /** Makes a line other than the first known to the server, before it is used. It is given up if that rejects, and all if that will not pass. */
  greet: (line: Line) => Promise<void>;
  /** From now on there is a line to send by. */
  onUp: () => void;
  /** For now there is none. */
  onDown: () => void;
  /** Nothing more comes by that line. */
  onGone: (line: Line) => void;
  /** There will be none any more. */
  onLost: (error: unknown) => void;
}

type Timer = ReturnType<typeof setTimeout> | undefined;

/** A connection with the signalling server that survives its sockets: at most one is sent by, while others are opened or still read. */
export class Link {
  /** Resolves when the first socket is open; rejects with `connection-refused`. */
  readonly opened: Promise<void>;
  readonly #options: LinkOptions;
  #settleOpened: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  #current: Line | undefined;
  /** Opens, or is made known: then `#isGreeting`. */
  #next: Line | undefined;
  #isGreeting = false;
  /** It has not answered in time: not sent by, but not given up either until another one is up. */
  #suspect: Line | undefined;
  readonly #lingering = new Map<Line, Timer>();
  #wasUp = false;
  #upSince = 0;
  #attempt = 0;
  /** The next attempt, or the end of one that takes too long. */
  #attempting: Timer;
  #aging: Timer;
  #closed = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.opened = new Promise((resolve, reject) => {
      this.#settleOpened = { resolve, reject };
    });
    // Not opening is also told by `onLost`, so nobody has to look at this promise.
    this.opened.catch(() => {});
    this.#connect();
  }

  /** What is sent by at the moment. */
  get current(): Line | undefined {
    return this.#current;
  }

  /** Whether another is being made known to the server. */
  get isGreeting(): boolean {
    return this.#isGreeting;
  }

  /** Whether another has taken over from a line, or is about to: the server may not know it as ours any more. */
  isLeaving(line: Line | undefined): boolean {
    return line !== undefined && line !== this.#next && (line !== this.#current || this.#isGreeting);
  }

  /** The current socket may be dead: opens another beside it, and trusts it again if something comes by it before. */
  doubt(): void {
    if (!this.#current) return;
    this.#suspect = this.#current;
    this.#down();
    if (!this.#next) this.#retry();
  }

  /** The server does not know the current socket as ours: goes on with another. */
  renew(): void {
    if (this.#current) this.#ended(this.#current);
  }

  /** Whatever has kept a socket from opening may just have passed. */
  hurry(): void {
    if (this.#closed || !this.#wasUp || this.#current || this.#isGreeting) return;
    this.#abandon();
    this.#connect();
  }

  close(): void {
    this.#closed = true;
    this.#abandon();
    clearTimeout(this.#aging);
    const lines = [this.#current, this.#suspect, ...this.#lingering.keys()];
    for (const timer of this.#lingering.values()) clearTimeout(timer);
    for (const line of lines) line?.close();
    this.#lingering.clear();
    this.#current = undefined;
    this.#suspect = undefined;
  }

  #connect(): void {
    const { url, WebSocket, greet } = this.#options;
    const line: Line = new Line({
      url: url(),
      WebSocket,
      onFrame: (frame) => this.#heard(line, frame),
      onClosed: () => this.#ended(line),
    });
    this.#next = line;
    this.#attempting = setTimeout(() => this.#ended(line), OPENING);
    line.opened
      .then(() => {
        clearTimeout(this.#attempting);
        this.#isGreeting = true;
        return this.#wasUp ? greet(line) : undefined;
      })
      .then(
        () => this.#next === line && this.#use(line),
        (error: unknown) => this.#failed(line, error),
      );
  }

  #use(line: Line): void {
    const { lifetime, onUp } = this.#options;
    const before = this.#current;
    const suspect = this.#suspect;
    this.#next = undefined;
    this.#isGreeting = false;
    this.#suspect = undefined;
    this.#current = line;
    this.#upSince = Date.now();
    this.#wasUp = true;
    if (before)
      this.#lingering.set(
        before,
        setTimeout(() => this.#drop(before), LINGER),
      );
    if (suspect) this.#drop(suspect);
    this.#age(spread(lifetime, Math.random()));
    this.#settleOpened?.resolve();
    onUp();
  }

  /** The other side has closed it, or never opened it. */
  #ended(line: Line): void {
    if (line === this.#next) {
      const isExpired = !this.#isGreeting && Date.now() >= this.#options.expires;
      this.#failed(line, new HyperroomError(isExpired ? 'token-expired' : 'connection-lost', 'the socket closed'));
      return;
    }
    const wasCurrent = line === this.#current;
    if (wasCurrent) this.#down();
    if (line === this.#suspect) this.#suspect = undefined;
    this.#drop(line);
    if (wasCurrent && !this.#next) this.#retry();
  }

  #failed(line: Line, error: unknown): void {
    if (line !== this.#next) return;
    this.#abandon();
    this.#options.onGone(line);
    if (!this.#wasUp) {
      this.#lose(new HyperroomError('connection-refused', 'the signalling server did not accept the connection'));
    } else if (this.#current) this.#age(UNHURRIED);
    else if (isPassing(error)) this.#retry(retryAfterOf(error));
    else this.#lose(error);
  }

  #lose(error: unknown): void {
    this.close();
    this.#settleOpened?.reject(error);
    this.#options.onLost(error);
  }

  #heard(line: Line, frame: string): void {
    if (line === this.#suspect && !this.#isGreeting) {
      this.#abandon();
      this.#suspect = undefined;
      this.#current = line;
      this.#age(UNHURRIED);
      this.#options.onUp();
    }
    this.#options.onFrame(frame);
  }

  #down(): void {
    this.#current = undefined;
    clearTimeout(this.#aging);
    if (Date.now() - this.#upSince > STABLE) this.#attempt = 0;
    this.#options.onDown();
  }

  #retry(atLeast = 0): void {
    if (this.#closed) return;
    const delay = this.#attempt === 0 ? atLeast : Math.max(atLeast, delayAfter(this.#attempt, PACE, Math.random()));
    this.#attempt += 1;
    if (delay === 0) this.#connect();
    else this.#attempting = setTimeout(() => this.#connect(), delay);
  }

  /** Has the current line replaced after that many milliseconds, if it lasts as long. */
  #age(milliseconds: number): void {
    clearTimeout(this.#aging);
    if (milliseconds === Number.POSITIVE_INFINITY) return;
    this.#aging = setTimeout(() => {
      if (!this.#next) this.#connect();
    }, milliseconds);
  }

  /** Gives up the attempt under way, or planned. */
  #abandon(): void {
    clearTimeout(this.#attempting);
    this.#next?.close();
    this.#next = undefined;
    this.#isGreeting = false;
  }

  #drop(line: Line): void {
    clearTimeout(this.#lingering.get(line));
    this.#lingering.delete(line);
    line.close();
    this.#options.onGone(line);
  }
}
