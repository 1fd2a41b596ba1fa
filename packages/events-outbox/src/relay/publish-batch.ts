import type { SendReceipt } from '@openedx-ts/events-core';
import { type EncodedEvent, faultOf, reasonOf, unlessAborted } from '@openedx-ts/events-core/bus';
import type { PendingEntry } from '../store/outbox-entry.js';
import type { ParkedEntry, PublishedEntry } from '../store/outbox-store.js';
import { encodedEventOf } from './encoded-event-of.js';
import type { RelayContext } from './relay-context.js';

/** What became of the entries of a batch. Those of no list are to be read again. */
export interface BatchOutcome {
  readonly accepted: readonly PublishedEntry[];
  readonly parked: readonly FailedEntry[];
  /** Why the bus accepts no events of this topic now; undefined when it does. */
  readonly problem: unknown;
}

/** An entry that is to be parked, with its error. */
export interface FailedEntry extends ParkedEntry {
  readonly eventType: string;
  readonly error: unknown;
}

/**
 * Publishes entries of one topic in their order. When an entry fails, later ones of its key are not attempted.
 *
 * @param attempt counts the tries of the topic since its last batch was accepted, from 1
 */
export async function publishBatch(
  { schemas, producer, options }: RelayContext,
  entries: readonly PendingEntry[],
  { attempt, abortSignal }: { readonly attempt: number; readonly abortSignal: AbortSignal },
): Promise<BatchOutcome> {
  const fingerprints = new Set<string>();
  for (const { recordSchema, keySchema } of entries) fingerprints.add(recordSchema).add(keySchema);
  const found = await schemas.find(fingerprints);
  const parked: FailedEntry[] = [];
  const heldKeys = new Set<string>();
  const sent: { readonly entry: PendingEntry; readonly event: EncodedEvent }[] = [];
  for (const entry of entries) {
    if (heldKeys.has(entry.key)) continue;
    try {
      sent.push({ entry, event: encodedEventOf(entry, found) });
    } catch (error) {
      parked.push(failedEntry(entry, error, attempt));
      if (options.whenParked === 'hold-key') heldKeys.add(entry.key);
    }
  }
  if (sent.length === 0) return { accepted: [], parked, problem: undefined };
  const results = await unlessAborted(
    abortSignal,
    producer.publishEncoded(
      sent.map(({ event }) => event),
      { inOrder: true, abortSignal, deliveryTimeoutMs: DELIVERY_TIMEOUT_MS },
    ),
  );
  if (results === undefined) return { accepted: [], parked, problem: undefined };
  const outcome = sorted(
    sent.map(({ entry }) => entry),
    results,
    attempt,
  );
  return { ...outcome, parked: [...parked, ...outcome.parked] };
}

/** Core tries again within this time, in milliseconds; then the topic backs off, and its state is visible in health. */
const DELIVERY_TIMEOUT_MS = 2_000;

function sorted(
  entries: readonly PendingEntry[],
  results: readonly PromiseSettledResult<SendReceipt>[],
  attempt: number,
): BatchOutcome {
  const accepted: PublishedEntry[] = [];
  const parked: FailedEntry[] = [];
  const failedKeys = new Set<string>();
  let problem: unknown;
  for (const [index, entry] of entries.entries()) {
    const result = results[index];
    if (result?.status === 'fulfilled') {
      accepted.push({
        position: entry.position,
        eventId: entry.eventId,
        busPosition: result.value.position,
      });
    } else if (!failedKeys.has(entry.key)) {
      failedKeys.add(entry.key); // later ones of the key were not attempted
      const error: unknown = result?.reason ?? new Error('the bus returned no result');
      if (faultOf(error) === 'event') parked.push(failedEntry(entry, error, attempt));
      else problem ??= error;
    }
  }
  return { accepted, parked, problem };
}

function failedEntry(
  { position, eventId, eventType }: PendingEntry,
  error: unknown,
  attempts: number,
): FailedEntry {
  const { code } = error as { readonly code?: unknown };
  return {
    position,
    eventId,
    eventType,
    code: typeof code === 'string' ? code.slice(0, 100) : 'EVENTS_PRODUCE_FAILED',
    reason: reasonOf(error).slice(0, 1_000),
    attempts,
    error,
  };
}
