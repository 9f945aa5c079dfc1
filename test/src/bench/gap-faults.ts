import type { MediaNode, Stack } from '@hyperroom/local';
import * as v from 'valibot';
import { readItem } from '../call/inventory.ts';
import type { RunningStack } from '../call/running-stack.ts';
import { until } from '../call/until.ts';

/*
 * What goes wrong, and when it is over for the server's side. Each resolves when what died is there again, or when others
 * have taken its place: what clients make of it is for the test or the benchmark to see.
 */

const DEADLINE = 20_000;

const Stay = v.object({ connectionId: v.string(), status: v.optional(v.string(), 'live') });

/** Where the room believes a participant's socket to be. */
export async function stayOf(
  stack: RunningStack,
  room: string,
  participant: string,
): Promise<v.InferOutput<typeof Stay>> {
  const item = await readItem(stack, `room#${room}`);
  return v.parse(Stay, item?.[`member.${participant}`]);
}

/** Ends a participant's socket; resolves when it goes on with its stay over another. */
export async function dropSocket(stack: Stack, room: string, participant: string, silently = false): Promise<void> {
  const { connectionId } = await stayOf(stack, room, participant);
  stack.faults.dropConnection(connectionId, { silently });
  await resumed(stack, room, participant, connectionId);
}

/** Waits until a participant goes on with its stay over another socket than `connectionId`. */
export async function resumed(
  stack: RunningStack,
  room: string,
  participant: string,
  connectionId: string,
): Promise<void> {
  const look = () => stayOf(stack, room, participant);
  const isResumed = (stay: v.InferOutput<typeof Stay>) => stay.connectionId !== connectionId && stay.status === 'live';
  const { good, seen } = await until(look, isResumed, { deadline: DEADLINE });
  if (!good) throw new Error(`${participant} has not come back: ${seen.status}`);
}

/** Kills the process; resolves when its successor is ready. */
export async function killAndRestart(program: MediaNode['agent'], signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  const { restarts } = program;
  await program.kill(signal);
  const { good } = await until(
    async () => program.restarts,
    (now) => now > restarts,
    { deadline: DEADLINE, every: 20 },
  );
  if (!good) throw new Error('it has not been started again');
}

/** Kills a node's processes, and they stay ended. */
export async function loseNode({ agent, engine }: MediaNode): Promise<void> {
  await Promise.all([agent.hold(), engine?.hold()]);
}

export async function bringBack({ agent, engine }: MediaNode): Promise<void> {
  await engine?.start();
  await agent.start();
}

/** The node that carries a room. */
export async function nodeOf(stack: Stack, room: string): Promise<MediaNode> {
  const item = await readItem(stack, `room#${room}`);
  const node = stack.nodes.find(({ id }) => String(item?.node).endsWith(id));
  if (!node) throw new Error(`no node carries ${room}: '${item?.node}'`);
  return node;
}
