import { reasonOf } from '../errors/events-error.js';
import { backOff } from '../runtime/backoff.js';
import { runtime } from '../runtime/runtime.js';
import type { ResolvedConsumerOptions } from './contract/consumer-options.js';
import type { Delivery } from './contract/delivery.js';
import { classifyFailure } from './failures/failure-class.js';

export interface ReceiveOptions {
  readonly options: Pick<ResolvedConsumerOptions, 'groupId' | 'initialBackoffMs' | 'maxBackoffMs'>;
  readonly stopSignal: AbortSignal;
  readonly receive: (abortSignal: AbortSignal) => AsyncIterable<readonly Delivery[]>;
  /** Resolves when there may be more of them. */
  readonly onDeliveries: (deliveries: readonly Delivery[]) => Promise<void>;
  readonly onDisconnected: (reason: string) => void;
}

/** Receives, again and again when the broker was away, until the signal fires. */
export async function receiveUntilStopped({
  options,
  stopSignal: signal,
  receive,
  onDeliveries,
  onDisconnected,
}: ReceiveOptions): Promise<void> {
  const { groupId, initialBackoffMs, maxBackoffMs } = options;
  for (let failedTries = 0; !signal.aborted; ) {
    try {
      for await (const deliveries of receive(signal)) {
        failedTries = 0;
        await onDeliveries(deliveries);
        if (signal.aborted) break;
      }
      if (!signal.aborted) onDisconnected('the connection to the broker ended');
    } catch (error) {
      if (signal.aborted) return;
      if (classifyFailure(error) !== 'infrastructure') throw error;
      onDisconnected(reasonOf(error));
      runtime().logger.warn({ err: error, groupId }, 'the broker is away; trying again');
    }
    failedTries += 1;
    await backOff(failedTries, { initialMs: initialBackoffMs, maxMs: maxBackoffMs }, signal);
  }
}
