import { runtime } from '../../runtime/runtime.js';
import { decodeHeaders, type HeaderNaming } from '../../wire/headers.js';
import type { Delivery } from '../types/delivery.js';

/** What an entry about abandoned events has besides the events. */
export interface AbandonedFacts {
  readonly groupId: string;
  readonly drainTimeoutMs: number;
  readonly headerNaming: HeaderNaming;
  /** The receiver that runs for a delivery. */
  readonly receiverOf: (delivery: Delivery) => string | undefined;
}

/** Logs which events did not end within `drainTimeoutMs`: one entry for each of the first ten, one for the others. */
export function logAbandoned(deliveries: readonly Delivery[], facts: AbandonedFacts): void {
  const { groupId, drainTimeoutMs, headerNaming, receiverOf } = facts;
  const { logger } = runtime();
  for (const delivery of deliveries.slice(0, MAX_NAMED)) {
    const { message, position } = delivery;
    const { topic } = message;
    const receiver = receiverOf(delivery);
    const where = { topic, groupId, position, receiver, drainTimeoutMs };
    logger.warn({ ...eventOf(delivery, headerNaming), ...where }, abandoned);
  }
  const others = deliveries.length - MAX_NAMED;
  if (others > 0) logger.warn({ groupId, events: others, drainTimeoutMs }, othersAbandoned);
}

function eventOf({ message }: Delivery, naming: HeaderNaming): object {
  try {
    const { eventType, id: eventId } = decodeHeaders(message.headers, naming);
    return { eventType, eventId };
  } catch {
    return {}; // its dead letter was being written
  }
}

const MAX_NAMED = 10;
const abandoned =
  'an event was abandoned, because it did not end within drainTimeoutMs; it is delivered again. A receiver that ends when delivery.abortSignal fires is not waited for';
const othersAbandoned = 'further events were abandoned, because they did not end within drainTimeoutMs';
