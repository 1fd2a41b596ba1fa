import { InfrastructureError } from '@openedx-ts/events-core';
import { KafkaAccessError } from '../driver/kafka-error.js';

/** An answer, or the reason why Kafka gives none. */
export type OrReason<T> = T | { readonly reason: string; readonly error: Error };

/** A missing right, or one broker that does not answer, does not keep the rest from being read. */
export async function orReason<T>(work: Promise<T>): Promise<OrReason<T>> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof KafkaAccessError || error instanceof InfrastructureError)
      return { reason: error.message, error };
    throw error;
  }
}
