import { logError } from './log.ts';

/** Works on many items, a few at a time. One that fails does not take their turn from the others. */
export async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<unknown>, width = 16): Promise<void> {
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) await work(item).catch(logError);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
