import { runtime } from '../runtime/runtime.js';
import type { ResolvedConsumerOptions } from './types/consumer-options.js';

/** Runs a consumer that is switched off: logs that, and resolves when the signal fires. */
export async function idleUntilStopped(
  { groupId, topics }: Pick<ResolvedConsumerOptions, 'groupId' | 'topics'>,
  abortSignal: AbortSignal,
): Promise<void> {
  runtime().logger.warn({ groupId, topics }, 'the consumer is switched off; its group stays where it is');
  await runtime().clock.sleep(Infinity, abortSignal);
}
