import { EventDecoder, UnknownEventType } from '../consuming/processing/event-decoder.js';
import type { ReceivedEvent } from '../consuming/processing/received-event.js';
import { UnknownSignalError } from '../errors/signal-errors.js';
import type { TopicStore } from '../operate/topic-store.js';
import type { EventCodec } from '../wire/codec.js';
import type { DeadLetter } from './dead-letter-entry.js';

/**
 * The event in a dead letter, for people to look at. It holds personal data: `maskPersonalData` hides it.
 *
 * @throws UnusableMessageError, DecodingFailedError, IncompatibleSchemaError when it cannot be read, mostly why it died
 * @throws UnknownSignalError when its signal is not loaded
 * @throws InfrastructureError when its schema cannot be fetched
 */
export async function decodeDeadLetter(
  { wireFormat }: Pick<TopicStore, 'wireFormat'>,
  { message }: Pick<DeadLetter, 'message'>,
  codec: EventCodec,
): Promise<ReceivedEvent> {
  try {
    return await new EventDecoder({ codec, wireFormat, groupId: '' }).decode(message);
  } catch (error) {
    if (error instanceof UnknownEventType) throw new UnknownSignalError(error.eventType);
    throw error;
  }
}
