import { reasonOf } from '../errors/events-error.js';
import { backOff } from '../runtime/backoff.js';
import { FailureLog } from '../runtime/failure-log.js';
import { classifyFailure } from './failures/failure-class.js';
import type { ResolvedConsumerOptions } from './types/consumer-options.js';
import type { Delivery } from './types/delivery.js';

export interface ReceiveOptions {
  readonly options: Pick<ResolvedConsumerOptions, 'groupId' | 'initialBackoffMs' | 'maxBackoffMs'>;
  readonly stopSignal: AbortSignal;
  readonly receive: (abortSignal: AbortSignal) => AsyncIterable<readonly Delivery[]>;
  /** Resolves when the consumer has room for more. */
  readonly onDeliveries: (deliveries: readonly Delivery[]) => Promise<void>;
  readonly onDisconnected: (reason: string) => void;
}

/**
 * Receives until the signal fires, and starts again with a backoff when the broker was unreachable.
 *
 * @throws whatever `receive` throws that is no `InfrastructureError`
 */
export async function receiveUntilStopped({
  options,
  stopSignal,
  receive,
  onDeliveries,
  onDisconnected,
}: ReceiveOptions): Promise<void> {
  const { groupId, initialBackoffMs, maxBackoffMs } = options;
  const log = new FailureLog({
    failing: 'nothing can be received from the broker; it is retried until it works, see the reason',
    recovered: 'events can be received from the broker again',
    facts: { groupId },
  });
  for (let failedTries = 0; !stopSignal.aborted; ) {
    try {
      for await (const deliveries of receive(stopSignal)) {
        failedTries = 0;
        log.recovered();
        await onDeliveries(deliveries);
        if (stopSignal.aborted) break;
      }
      if (!stopSignal.aborted) onDisconnected('the connection to the broker ended');
    } catch (error) {
      if (stopSignal.aborted) return;
      if (classifyFailure(error) !== 'infrastructure') throw error;
      onDisconnected(reasonOf(error));
      log.failed(error);
    }
    failedTries += 1;
    await backOff(failedTries, { initialMs: initialBackoffMs, maxMs: maxBackoffMs }, stopSignal);
  }
}
