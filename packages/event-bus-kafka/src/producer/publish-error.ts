import { EventsError, InfrastructureError } from '@openedx-ts/events-core';
import { kafkaError, kafkaErrorType } from '../driver/kafka-error.js';

/** Where and for how long messages are published. */
export interface PublishAttempt {
  readonly fullTopic: string;
  /** Undefined where the error concerns the whole topic. */
  readonly partition?: number | undefined;
  /** In milliseconds; undefined when messages are retried without a limit. */
  readonly deliveryTimeoutMs: number | undefined;
}

/** Makes the error of messages that could not be published. */
export function publishError(
  thrown: unknown,
  { fullTopic, partition, deliveryTimeoutMs }: PublishAttempt,
): Error {
  if (EventsError.is(thrown)) return thrown;
  if (kafkaErrorType(thrown) === 'LEADER_NOT_AVAILABLE') {
    const which = partition === undefined ? 'a partition' : `partition ${partition}`;
    const until =
      deliveryTimeoutMs === undefined || !Number.isFinite(deliveryTimeoutMs)
        ? ''
        : ` until deliveryTimeoutMs (${deliveryTimeoutMs.toLocaleString('en-US')} ms)`;
    return new InfrastructureError(
      `Topic ${fullTopic}: ${which} has no leader (LEADER_NOT_AVAILABLE). Producing to it is retried${until}; start the brokers that hold it`,
      { cause: thrown },
    );
  }
  return kafkaError(thrown, `events for topic ${fullTopic} cannot be published`, fullTopic);
}
