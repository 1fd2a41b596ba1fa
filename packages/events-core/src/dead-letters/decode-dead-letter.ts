import { EventDecoder, UnknownEventType } from '../consuming/processing/event-decoder.js';
import type { ReceivedEvent } from '../consuming/processing/received-event.js';
import { UnknownSignalError } from '../errors/signal-errors.js';
import { UnusableMessageError } from '../errors/wire-errors.js';
import type { TopicStore } from '../operate/topic-store.js';
import type { EventCodec } from '../wire/codec.js';
import { type DeadLetter, VALUE_IS_GONE } from './dead-letter-entry.js';
import { wholeDeadLetter } from './whole-dead-letter.js';

/**
 * The event in a dead letter, for people to look at; a value that was too large to be stored again is read from the
 * source. It holds personal data: `maskPersonalData` hides it.
 *
 * @throws UnusableMessageError, DecodingFailedError, IncompatibleSchemaError when it cannot be read, mostly why it died
 * @throws UnknownSignalError when its signal is not loaded
 * @throws InfrastructureError when its schema cannot be fetched
 */
export async function decodeDeadLetter(
  store: Pick<TopicStore, 'wireFormat' | 'read'>,
  deadLetter: Pick<DeadLetter, 'message' | 'facts'>,
  codec: EventCodec,
): Promise<ReceivedEvent> {
  const message = await wholeDeadLetter(store, deadLetter);
  if (message === undefined) throw new UnusableMessageError(VALUE_IS_GONE);
  const { wireFormat } = store;
  try {
    return await new EventDecoder({ codec, wireFormat, groupId: '' }).decode(message);
  } catch (error) {
    if (error instanceof UnknownEventType) throw new UnknownSignalError(error.eventType);
    throw error;
  }
}
