import type { SendReceipt } from '@openedx-ts/events-core';
import { faultOf, reasonOf, unlessAborted } from '@openedx-ts/events-core/bus';
import type { PendingEntry } from '../store/outbox-entry.js';
import type { ParkedEntry, PublishedEntry } from '../store/outbox-store.js';
import type { PreparedBatch } from './prepare-batch.js';
import type { RelayContext } from './relay-context.js';

/** What became of the entries of a batch. Entries in none of the lists must be read again. */
export interface BatchOutcome {
  readonly accepted: readonly PublishedEntry[];
  readonly parked: readonly FailedEntry[];
  /** Why the bus accepts no events of this topic now; undefined when it does. */
  readonly problem: unknown;
}

/** An entry to park, with its error. */
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
  { producer }: Pick<RelayContext, 'producer'>,
  batch: PreparedBatch,
  { attempt, abortSignal }: { readonly attempt: number; readonly abortSignal: AbortSignal },
): Promise<BatchOutcome> {
  if (batch.events.length === 0) return sorted(batch, [], attempt);
  const options = { inOrder: true, abortSignal, deliveryTimeoutMs: DELIVERY_TIMEOUT_MS };
  const results = await unlessAborted(abortSignal, producer.publishEncoded(batch.events, options));
  if (results === undefined) return { accepted: [], parked: [], problem: undefined };
  return sorted(batch, results, attempt);
}

/** Core tries again within this time, in milliseconds; then the topic backs off, and its state is visible in health. */
const DELIVERY_TIMEOUT_MS = 2_000;

function sorted(
  { usable, unusable }: PreparedBatch,
  results: readonly PromiseSettledResult<SendReceipt>[],
  attempt: number,
): BatchOutcome {
  const accepted: PublishedEntry[] = [];
  const parked: FailedEntry[] = [];
  /** The first failed position of a key: later ones were not attempted. */
  const failedAt = new Map<string, bigint>();
  let problem: unknown;
  for (const [index, entry] of usable.entries()) {
    const { position, eventId, key } = entry;
    const result = results[index];
    if (result?.status === 'fulfilled') {
      accepted.push({ position, eventId, busPosition: result.value.position });
    } else if (!failedAt.has(key)) {
      failedAt.set(key, position);
      const error: unknown = result?.reason ?? new Error('the bus returned no result');
      if (faultOf(error) === 'event') parked.push(failedEntry(entry, error, attempt));
      else problem ??= error;
    }
  }
  for (const { entry, error } of unusable) {
    const failed = failedAt.get(entry.key);
    // With hold-key, a parked entry would hold the earlier one of its key that must be sent again.
    if (failed === undefined || failed > entry.position) parked.push(failedEntry(entry, error, attempt));
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
