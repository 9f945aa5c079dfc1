import type { Passed } from './aws/index.ts';

/** What an agent and its Kurento say to each other. */
export interface RpcText {
  readonly kind: 'rpc';
  readonly at: number;
  /** The media node's id. */
  readonly node: string;
  readonly by: 'client' | 'kurento';
  readonly text: string;
}

/** What a function, an agent or an engine logs. */
export interface Line {
  readonly kind: 'line';
  readonly at: number;
  /** With the name of who logs it before it: `message: {…}`. */
  readonly line: string;
}

/** What is seen of a running stack, each when it is over. */
export type Sight = Passed | RpcText | Line;
