import { runtime } from '@openedx-ts/events-core/bus';
import { orAborted } from './or-aborted.js';

/** For how long an attempt may be repeated. */
export interface WhileBeingCreatedOptions {
  /** In milliseconds; undefined for no limit. A tenth of it, and a second at most. */
  readonly deliveryTimeoutMs: number | undefined;
  readonly abortSignal: AbortSignal | undefined;
}

/**
 * Repeats an attempt while its result is what brokers answer while they create a topic because it is used: it exists a
 * moment later, and until then its errors are not reported.
 *
 * @throws InfrastructureError when aborted; what the attempt throws
 */
export async function whileBeingCreated<T>(
  attempt: () => Promise<T>,
  isCreating: (found: T) => boolean,
  { deliveryTimeoutMs = Number.POSITIVE_INFINITY, abortSignal }: WhileBeingCreatedOptions,
): Promise<T> {
  const { clock } = runtime();
  const deadline = clock.monotonic() + Math.min(CREATING_MS, deliveryTimeoutMs / 10);
  for (;;) {
    const found = await attempt();
    if (!isCreating(found) || clock.monotonic() >= deadline) return found;
    await orAborted(clock.sleep(STEP_MS, abortSignal), abortSignal);
  }
}

const CREATING_MS = 1_000;
const STEP_MS = 50;
