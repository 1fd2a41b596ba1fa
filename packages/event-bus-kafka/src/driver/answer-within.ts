import { EventsError, InfrastructureError } from '@openedx-ts/events-core';
import type { TextCleaner } from '@openedx-ts/events-core/bus';
import { withDeadline } from '../runtime/with-deadline.js';
import type { BrokerSockets } from './broker-sockets.js';
import { kafkaError } from './kafka-error.js';

/** A question to brokers. */
export interface Question {
  /** What failed, for errors: `topics cannot be listed`. */
  readonly doing: string;
  readonly deadlineMs: number;
  /** Whose connections are cut when there is no answer in time: `host:port`. @defaultValue all */
  readonly peer?: string | undefined;
  /** Cleans the errors of brokers. */
  readonly texts: TextCleaner;
}

/**
 * Asks brokers something that ends within its deadline. Connections that stay silent are cut, so that half-open ones are
 * noticed and replaced.
 *
 * @throws InfrastructureError for an error that may pass, KafkaAccessError for access that must be granted
 */
export async function answerWithin<T>(
  sockets: BrokerSockets,
  { doing, deadlineMs, peer, texts }: Question,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await withDeadline(deadlineMs, ask(), () => {
      const reason = `no answer within ${deadlineMs} ms`;
      sockets.cut(reason, peer);
      throw new InfrastructureError(`${doing}: Kafka${peer === undefined ? '' : ` at ${peer}`}: ${reason}`);
    });
  } catch (error) {
    if (EventsError.is(error)) throw error;
    if (isTimeout(error)) sockets.cut('no answer in time', peer);
    throw kafkaError(texts.cleanError(error), doing);
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'KafkaJSRequestTimeoutError';
}
