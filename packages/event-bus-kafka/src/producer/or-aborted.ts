import { InfrastructureError } from '@openedx-ts/events-core';
import { deferred } from '@openedx-ts/events-core/bus';

/** Waits for work, or rejects with an `InfrastructureError` when the signal fires first. */
export function orAborted<T>(work: Promise<T> | T, abortSignal: AbortSignal | undefined): Promise<T> | T {
  if (abortSignal === undefined || !(work instanceof Promise)) return work;
  const aborted = deferred<never>();
  const abort = () =>
    aborted.reject(new InfrastructureError('Kafka: the producer was closed before the broker answered'));
  if (abortSignal.aborted) abort();
  abortSignal.addEventListener('abort', abort, { once: true });
  return Promise.race([work, aborted.promise]).finally(() => abortSignal.removeEventListener('abort', abort));
}
