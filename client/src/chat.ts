import { CHAT } from '@hyperroom/protocol';
import type { Participant } from './participant.ts';
import type { DataMessage } from './types.ts';

/** What somebody wrote. */
export interface ChatMessage {
  /** The same for everybody in the room. */
  readonly id: string;
  /** What was written, as it was written. */
  readonly text: string;
  /** Undefined: a back end, or somebody who has left. */
  readonly from: Participant | undefined;
  /** The writer's name at that time; undefined: a back end. */
  readonly name: string | undefined;
  /** Ids of the participants that it is for; undefined: everyone. */
  readonly to: readonly string[] | undefined;
  /** When the server took it. */
  readonly sent: Date;
}

export const isText = (data: unknown): data is string => typeof data === 'string';

/** A data message as chat; undefined if it is none. */
export function chatOf({ topic, data, id, sender, to, sent }: DataMessage, from: Participant | undefined) {
  if (topic !== CHAT || !isText(data)) return undefined;
  return { id, text: data, from, name: sender?.name, to, sent: new Date(sent) } satisfies ChatMessage;
}
