import { runtime } from '@openedx-ts/events-core/bus';
import { orAborted } from './or-aborted.js';

/** For how long an attempt may be repeated. */
export interface WhileBeingCreatedOptions {
  /** In milliseconds; undefined for no limit. A tenth of it, and `limitMs` at most. */
  readonly deliveryTimeoutMs: number | undefined;
  /** @defaultValue 1000 */
  readonly limitMs?: number;
  readonly abortSignal: AbortSignal | undefined;
}

/**
 * Repeats an attempt while its result is what brokers answer while they create something because it is used, such as a
 * topic: it exists a moment later, and until then its errors are not reported.
 *
 * @throws InfrastructureError when aborted; what the attempt throws
 */
export async function whileBeingCreated<T>(
  attempt: () => Promise<T>,
  isCreating: (found: T) => boolean,
  { deliveryTimeoutMs = Number.POSITIVE_INFINITY, limitMs = LIMIT_MS, abortSignal }: WhileBeingCreatedOptions,
): Promise<T> {
  const { clock } = runtime();
  const deadline = clock.monotonic() + Math.min(limitMs, deliveryTimeoutMs / 10);
  for (;;) {
    const found = await attempt();
    if (!isCreating(found) || clock.monotonic() >= deadline) return found;
    await orAborted(clock.sleep(STEP_MS, abortSignal), abortSignal);
  }
}

const LIMIT_MS = 1_000;
const STEP_MS = 50;
