import { InvalidOptionsError } from '../../errors/configuration-errors.js';
import type { ResolvedConsumerOptions } from '../types/consumer-options.js';

/** What a lane may take longer than the longest step that has a limit, by default. */
const MARGIN_MS = 60_000;

/** The longest step that is limited while receivers have no time limit. */
const UNLIMITED_RECEIVERS_MS = 300_000;

/**
 * Returns `stallTimeoutMs`, or its default: a minute above the limits of the consumer.
 *
 * @throws InvalidOptionsError when it is not above them, so that what they allow would look like a stall
 */
export function stallTimeoutOf(
  options: Pick<
    ResolvedConsumerOptions,
    'groupId' | 'stallTimeoutMs' | 'receiverTimeoutMs' | 'exclusiveTimeoutMs'
  >,
): number {
  const { groupId, stallTimeoutMs, receiverTimeoutMs, exclusiveTimeoutMs = 0 } = options;
  const receiverMs = receiverTimeoutMs === Number.POSITIVE_INFINITY ? 0 : receiverTimeoutMs;
  const limitMs = Math.max(receiverMs, exclusiveTimeoutMs);
  if (stallTimeoutMs === undefined) return (limitMs || UNLIMITED_RECEIVERS_MS) + MARGIN_MS;
  if (stallTimeoutMs > limitMs) return stallTimeoutMs;
  const message = `must be more than ${limitMs}, the greater of receiverTimeoutMs and exclusiveTimeoutMs: what they allow is no stall`;
  throw new InvalidOptionsError(`consumer of group ${groupId}`, [{ path: 'stallTimeoutMs', message }]);
}
