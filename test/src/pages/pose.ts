/** How a page's user and its browser are, in a test. */
export interface Pose {
  /** Whose face the camera shows. */
  readonly name: string;
  /** What becomes of the question for camera and microphone. Default `allowed`. */
  readonly devices?: 'allowed' | 'asking' | 'denied' | 'missing' | 'busy';
  /** Whether the browser plays sound before the first click. Default `allowed`. */
  readonly autoplay?: 'allowed' | 'blocked';
}

/** Somebody in a room who is only to be seen there. */
export interface Extra {
  readonly name: string;
  readonly room: string;
  /** Default: neither. */
  readonly muted?: readonly ('microphone' | 'camera')[];
  readonly isSpeaking?: boolean;
  readonly hasRaisedHand?: boolean;
  /** Has neither microphone nor camera: two cores have no pictures of thirty. */
  readonly isWatching?: boolean;
}

/** Where the signalling server is. */
export interface Server {
  readonly url: string;
  readonly domain: string;
}

/** What extras do when they are told to, by name. */
export interface ExtraCommands {
  join(server: Server, extra: Extra): Promise<void>;
  /** The same, without waiting until one has been let in. */
  knock(server: Server, extra: Extra): void;
  say(name: string, text: string): Promise<void>;
  share(name: string): Promise<void>;
  unshare(name: string): Promise<void>;
  remove(name: string, other: string, reason: string): Promise<void>;
  end(name: string, reason: string): Promise<void>;
  leave(name: string): Promise<void>;
}
