import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { LifecycleEvent } from '@hyperroom/protocol';
import { logError } from '../log.ts';

/** Tells back ends what happens in rooms. */
export interface EventSink {
  /** Never fails: the request that caused the events has been carried out already. */
  publish(events: readonly LifecycleEvent[]): Promise<void>;
}

/** The `source` of all our events. */
export const EVENT_SOURCE = 'hyperroom';

/** EventBridge takes no more at a time. */
const BATCH_LENGTH = 10;

/** The bus of this name; none without a name. */
export function openEventBus(name: string | undefined): EventSink | undefined {
  if (!name) return undefined;
  const client = new EventBridgeClient({ maxAttempts: 4 });

  /** Gives those that EventBridge has not taken. */
  async function put(events: readonly LifecycleEvent[]): Promise<LifecycleEvent[]> {
    const Entries = events.map((event) => ({
      EventBusName: name,
      Source: EVENT_SOURCE,
      DetailType: event.event,
      Detail: JSON.stringify(event),
      Time: new Date(event.time),
    }));
    const { FailedEntryCount = 0, Entries: results = [] } = await client.send(new PutEventsCommand({ Entries }));
    return FailedEntryCount === 0 ? [] : events.filter((_, index) => results[index]?.ErrorCode !== undefined);
  }

  async function publishBatch(batch: readonly LifecycleEvent[]): Promise<void> {
    try {
      const refused = await put(batch);
      const lost = refused.length > 0 ? await put(refused) : [];
      if (lost.length > 0) throw new Error(`EventBridge has refused ${lost.map(({ id }) => id).join(', ')} twice`);
    } catch (error) {
      logError(error);
    }
  }

  return {
    async publish(events) {
      const batches = [];
      for (let start = 0; start < events.length; start += BATCH_LENGTH) {
        batches.push(events.slice(start, start + BATCH_LENGTH));
      }
      await Promise.all(batches.map(publishBatch));
    },
  };
}
