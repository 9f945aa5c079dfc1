import { Code, type CodecBody, type Connection, type JoinedBody, type VideoCodec } from '@hyperroom/protocol';
import type { Admission } from './admission.ts';
import { type ConnectionController, inFrames } from './connection-controller.ts';
import { isRefusal } from './errors.ts';
import type { Sending } from './peer-connections.ts';

export interface EntranceOptions {
  connections: ConnectionController;
  admission: Admission;
  /** What to publish. */
  sending: readonly Sending[];
  /** How many offers to receive go along. */
  receive: number;
  /** Resolves when the server can be asked: offers are made meanwhile. */
  ready: Promise<unknown>;
}

export interface Entered {
  joined: JoinedBody;
  /** Offers that did not fit into the join's frame. */
  later: Connection[];
}

/** Joins with offers of a codec, or, if the room wants another one, of that. */
export async function enter(options: EntranceOptions, codec: VideoCodec): Promise<Entered> {
  try {
    return await enterWith(options, codec);
  } catch (error) {
    const wanted = codecOf(error);
    if (!wanted || wanted === codec) throw error;
    options.connections.clear();
    return enterWith(options, wanted);
  }
}

async function enterWith(options: EntranceOptions, codec: VideoCodec): Promise<Entered> {
  const { connections, admission, sending, receive, ready } = options;
  const [main, ...others] = sending;
  const made = [
    connections.prepare(receive, codec, main),
    ...others.map((other) => connections.prepare(0, codec, other)),
  ];
  const [offered] = await Promise.all([Promise.all(made), ready]);
  const [first = [], ...later] = inFrames(connections.describe(offered.flat()));
  return { joined: await admission.request(first), later: later.flat() };
}

/** The codec that a room wants, if that is what a refusal is about. */
function codecOf(error: unknown): VideoCodec | undefined {
  return isRefusal(error, Code.notAcceptable) ? (error.refusal as CodecBody).codec : undefined;
}
