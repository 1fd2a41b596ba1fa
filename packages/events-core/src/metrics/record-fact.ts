import type { TelemetryFact } from '../runtime/telemetry-fact.js';
import { findSignal } from '../signals/registry.js';
import { failureCode } from '../wire/dead-letter.js';
import type { MetricSums } from './metric-sums.js';

/** Adds a fact to the sums; one that no metric counts is ignored. */
export function recordFact(sums: MetricSums, fact: TelemetryFact): void {
  (recorders[fact.type] as ((sums: MetricSums, fact: TelemetryFact) => void) | undefined)?.(sums, fact);
}

type Recorders = {
  readonly [T in TelemetryFact['type']]?: (
    sums: MetricSums,
    fact: Extract<TelemetryFact, { readonly type: T }>,
  ) => void;
};

const recorders: Recorders = {
  'event.published': ({ send }, { system, topic, eventType, durationMs }) =>
    send.record(durationMs, 'send', 'send', system, topic, eventType, ''),
  'event.publish-failed': (sums, { system, topic, eventType, durationMs, error }) => {
    const code = failureCode(error);
    sums.publishFailures.add(1, topic, eventType, code);
    if (system !== null && durationMs !== null)
      sums.send.record(durationMs, 'send', 'send', system, topic, eventType, code);
  },
  'event.handled': ({ process }, { system, topic, groupId, eventType, durationMs }) =>
    process.record(durationMs, 'process', 'process', system, topic, groupId, eventType, ''),
  'event.dead-lettered': (sums, { system, topic, groupId, eventType: named, code, durationMs }) => {
    const eventType = loaded(named);
    sums.deadLetters.add(1, topic, groupId, eventType, code);
    sums.process.record(durationMs, 'process', 'process', system, topic, groupId, eventType, code);
  },
  'event.dropped': (sums, { system, topic, groupId, eventType: named, code, durationMs }) => {
    const eventType = loaded(named);
    sums.dropped.add(1, topic, groupId, eventType, code);
    if (durationMs !== null)
      sums.process.record(durationMs, 'process', 'process', system, topic, groupId, eventType, code);
  },
  'event.skipped': (sums, { system, topic, groupId, eventType, reason }) => {
    sums.skipped.add(1, topic, groupId, loaded(eventType), reason);
    // Without a type, so that no series of events that were processed has the same labels.
    sums.skippedMessages.add(1, 'process', 'process', system, topic, groupId, '', '');
  },
  'event.retried': ({ retries }, { topic, groupId, eventType }) => retries.add(1, topic, groupId, eventType),
  'event.unverified': ({ unverified }, { topic, groupId, eventType }) =>
    unverified.add(1, topic, groupId, eventType),
  'receiver.failed': ({ receiverFailures }, { eventType, receiver }) =>
    receiverFailures.add(1, eventType, receiver),
  'events.lost': ({ losses, lost }, { lane, groupId, reason, count }) => {
    losses.add(1, lane, groupId, reason);
    if (count !== null) lost.add(count, lane, groupId, reason);
  },
  'consumer.paused': ({ pauses }, { lane, groupId }) => pauses.add(1, lane, groupId),
  'consumer.stalled': ({ stalls }, { lane, groupId, stage }) => stalls.add(1, lane, groupId, stage),
  'consumer.lag': (sums, { lane, groupId, lag, pending, distanceToTrim }) => {
    sums.lag.set(lag, lane, groupId);
    sums.pending.set(pending, lane, groupId);
    sums.distanceToTrim.set(distanceToTrim, lane, groupId);
  },
  'consumer.oldest-age': ({ consumerOldestAge }, { lane, groupId, ageMs }) =>
    consumerOldestAge.set(inSeconds(ageMs), lane, groupId),
  'outbox.published': ({ outboxPublished }, { topic, count }) => outboxPublished.add(count, topic),
  'outbox.state': (sums, { pending, oldestAgeMs, parked }) => {
    sums.outboxPending.set(pending);
    sums.outboxParked.set(parked);
    sums.outboxOldestAge.set(inSeconds(oldestAgeMs ?? 0));
  },
};

/** Others choose what a message names: a type that is not loaded here is no label of its own. */
function loaded(eventType: string): string {
  if (eventType === '' || findSignal(eventType) !== undefined) return eventType;
  return '_OTHER';
}

function inSeconds(durationMs: number | null): number | null {
  return durationMs === null ? null : durationMs / 1_000;
}
