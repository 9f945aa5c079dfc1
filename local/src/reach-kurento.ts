import { once } from 'node:events';
import WebSocket from 'ws';

const DEADLINE = 10_000;

/** Fails, and says what to do, where no Kurento listens: the agent itself would wait for it for ever. */
export async function reachKurento(url: string): Promise<void> {
  const socket = new WebSocket(url);
  try {
    await once(socket, 'open', { signal: AbortSignal.timeout(DEADLINE) });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `no Kurento Media Server answers at ${url} (${why}): start it, or leave --kurento out for the embedded engine`,
      { cause: error },
    );
  } finally {
    socket.on('error', () => {}).terminate();
  }
}
