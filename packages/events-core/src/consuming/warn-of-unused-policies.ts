import { runtime } from '../runtime/runtime.js';
import { findSignal, nearestEventType } from '../signals/registry.js';
import type { ResolvedConsumerOptions } from './types/consumer-options.js';

/**
 * Warns of policies for event types that are not loaded, because most often the type is mistyped and its events fail by
 * another policy than intended. Not an error, because the module may be loaded later.
 */
export function warnOfUnusedPolicies({
  policies,
  groupId,
}: Pick<ResolvedConsumerOptions, 'policies' | 'groupId'>): void {
  for (const eventType of Object.keys(policies)) {
    if (findSignal(eventType) !== undefined) continue;
    const nearest = nearestEventType(eventType);
    const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
    const message = `the policy of ${eventType} has no effect: no signal of this type is loaded${hint}`;
    runtime().logger.warn({ groupId, eventType }, message);
  }
}
