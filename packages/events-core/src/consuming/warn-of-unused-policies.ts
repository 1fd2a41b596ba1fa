import { runtime } from '../runtime/runtime.js';
import { findSignal, nearestEventType } from '../signals/registry.js';
import type { ResolvedConsumerOptions } from './contract/consumer-options.js';

/**
 * A policy of an event type that is not loaded decides about nothing: most often the type is mistyped, and events that
 * were meant to be tried again for long are given up early. No error, because its module may be loaded later.
 */
export function warnOfUnusedPolicies({
  policies,
  groupId,
}: Pick<ResolvedConsumerOptions, 'policies' | 'groupId'>): void {
  for (const eventType of Object.keys(policies)) {
    if (findSignal(eventType) !== undefined) continue;
    const nearest = nearestEventType(eventType);
    const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
    const message = `the policy of ${eventType} decides about nothing: no signal of this type is loaded${hint}`;
    runtime().logger.warn({ groupId, eventType }, message);
  }
}
