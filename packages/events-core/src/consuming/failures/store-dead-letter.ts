import type { ProduceFailedError } from '../../errors/bus-errors.js';
import { reasonOf } from '../../errors/events-error.js';
import { hasErrorCode } from '../../errors/has-error-code.js';
import { InfrastructureError } from '../../errors/receiver-errors.js';
import type { Message } from '../../wire/message.js';
import { withoutValue } from '../../wire/omitted-value.js';

/**
 * Stores a dead letter, without its value where the bus takes no message of its size.
 *
 * @returns what was stored
 * @throws InfrastructureError also for what the broker refuses for good: the event must neither be lost nor end its
 * consumer, so its lane waits until somebody has changed the broker
 */
export async function storeDeadLetter(
  deadLetter: Message,
  publish: (message: Message) => Promise<void>,
): Promise<Message> {
  try {
    await publish(deadLetter);
    return deadLetter;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (!error.isTooLarge) throw waiting(error);
  }
  const facts = withoutValue(deadLetter);
  try {
    await publish(facts);
    return facts;
  } catch (error) {
    throw isRefusal(error) ? waiting(error) : error;
  }
}

function isRefusal(error: unknown): error is ProduceFailedError {
  return hasErrorCode(error, 'EVENTS_PRODUCE_FAILED');
}

function waiting(error: ProduceFailedError): InfrastructureError {
  return new InfrastructureError(`a dead letter is refused: ${reasonOf(error)}`, { cause: error });
}
