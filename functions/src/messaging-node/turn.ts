import type { Message } from '@hyperroom/protocol';
import type { Session } from './session.ts';

/** One frame being handled: its messages in order, and what is to be answered. */
export interface Turn {
  readonly session: Session;
  /** When the gateway received it, in milliseconds since the epoch. Absent where an emulator does not say. */
  readonly received: number | undefined;
  readonly messages: readonly Message[];
  /** Addresses that this very frame has registered, its joins noted with them. */
  readonly registered: Set<string>;
  /** Responses that wait for the end of the frame, to travel together. */
  replies: Message[];
}

/** Answers a request: with a message, or with nothing where the answer comes from elsewhere. */
export type Component = (message: Message, turn: Turn) => Promise<Message | undefined>;
