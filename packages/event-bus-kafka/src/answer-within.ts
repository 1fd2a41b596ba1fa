import { EventsError, InfrastructureError } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import type { BrokerSockets } from './broker-sockets.js';
import { kafkaError } from './kafka-error.js';

export interface Question {
  /** What could not be done, for errors. */
  readonly doing: string;
  readonly deadlineMs: number;
  /** Whose connections are cut when there is no answer in time: `host:port`. @defaultValue all */
  readonly peer?: string | undefined;
}

/**
 * Asks brokers something that ends within its deadline: connections that stay silent are cut, so that half-open ones are
 * noticed and made anew.
 *
 * @throws InfrastructureError for what may pass, KafkaAccessError for what must be granted
 */
export async function answerWithin<T>(
  sockets: BrokerSockets,
  { doing, deadlineMs, peer }: Question,
  ask: () => Promise<T>,
): Promise<T> {
  const answered = new AbortController();
  const late = runtime()
    .clock.sleep(deadlineMs, answered.signal)
    .then((): never => {
      const reason = `no answer within ${deadlineMs} ms`;
      if (!answered.signal.aborted) sockets.cut(reason, peer);
      throw new InfrastructureError(`${doing}: Kafka${peer === undefined ? '' : ` at ${peer}`}: ${reason}`);
    });
  late.catch(() => {}); // lost races are no failures
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    if (EventsError.is(error)) throw error;
    if (isTimeout(error)) sockets.cut('no answer in time', peer);
    throw kafkaError(error, doing);
  } finally {
    answered.abort();
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'KafkaJSRequestTimeoutError';
}
