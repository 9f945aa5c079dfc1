import { isObject, type Json } from './trace.ts';

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Knows which id of the engine stands for which id of a recording. */
export class IdMap {
  private readonly ours = new Map<string, string>();

  /** Learns from a recorded and an actual reply to the same request. */
  learn(recorded: Json | undefined, actual: Json | undefined): void {
    if (typeof recorded === 'string' && typeof actual === 'string') this.learnText(recorded, actual);
    if (!isObject(recorded) || !isObject(actual)) return;
    for (const [key, value] of Object.entries(recorded)) this.learn(value, actual[key]);
  }

  /** A recorded frame or text with our ids in it. */
  translate<T extends Json>(recorded: T): T {
    return JSON.parse(JSON.stringify(recorded).replace(UUID, (id) => this.ours.get(id) ?? id)) as T;
  }

  knows(recordedId: string): boolean {
    return recordedId.match(UUID)?.every((id) => this.ours.has(id)) ?? true;
  }

  private learnText(recorded: string, actual: string): void {
    if (recorded.startsWith('v=0')) return; // a description's ids are the browser's, not the server's
    const theirs = recorded.match(UUID) ?? [];
    const ours = actual.match(UUID) ?? [];
    if (theirs.length !== ours.length) return;
    for (const [index, id] of theirs.entries()) this.ours.set(id, ours[index] ?? id);
  }
}
