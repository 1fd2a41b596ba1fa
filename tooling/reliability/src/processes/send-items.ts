import { setTimeout as sleep } from 'node:timers/promises';
import { createMetadata, EventsError, type Producer } from '@openedx-ts/events-core';
import { ITEM_SENT } from '../item-sent.js';
import type { Journal } from '../journal/journal.js';
import { now } from '../journal/journal-line.js';
import type { ProducerProcessOptions } from './process-options.js';

/** Sends the events of a producer and keeps its journal; ends when they are sent, or at the signal. */
export async function sendItems(
  producer: Producer,
  { topic, events, inFlight, perSecond, keys, renewKeysEvery }: Omit<ProducerProcessOptions, 'journal'>,
  { journal, stopSignal }: { readonly journal: Journal; readonly stopSignal: AbortSignal },
): Promise<void> {
  const startedAt = now();
  let next = 0;
  let due = Promise.resolve();
  await Promise.all(Array.from({ length: inFlight }, sendUntilDone));

  async function sendUntilDone(): Promise<void> {
    while (next < events && !stopSignal.aborted) {
      const sequence = next;
      next += 1;
      if (perSecond !== undefined) {
        const at = startedAt + (sequence / perSecond) * 1_000;
        due = due.then(() => untilDue(at, stopSignal)); // one after the other: timers may overtake each other
        await due;
      }
      await send(keyOf(sequence), sequence);
    }
  }

  function keyOf(sequence: number): string {
    const key = keys[sequence % keys.length] as string;
    return renewKeysEvery === undefined ? key : `${key}.${Math.floor(sequence / renewKeysEvery)}`;
  }

  async function send(key: string, sequence: number): Promise<void> {
    const metadata = createMetadata(ITEM_SENT);
    const offeredAt = now();
    journal.write(['offered', offeredAt, metadata.id, key, sequence]);
    try {
      const { position } = await producer.send({
        signal: ITEM_SENT,
        topic,
        eventKeyField: 'item.key',
        data: { item: { key, sequence } },
        metadata,
      });
      const at = now();
      journal.write(['accepted', at, metadata.id, position, at - offeredAt]);
    } catch (error) {
      journal.write(['rejected', now(), metadata.id, EventsError.is(error) ? error.code : String(error)]);
    }
  }
}

async function untilDue(at: number, abortSignal: AbortSignal): Promise<void> {
  const waitMs = at - now();
  if (waitMs > 0) await sleep(waitMs, undefined, { signal: abortSignal }).catch(() => {});
}
