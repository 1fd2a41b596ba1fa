import { recordToJson } from '@openedx-ts/events-avro';
import { type EventCodec, reasonOf } from '@openedx-ts/events-core/bus';
import {
  type DeadLetter,
  decodeDeadLetter,
  maskPersonalData,
  type TopicStore,
} from '@openedx-ts/events-core/operate';
import { jsonText } from '../records/json-text.js';
import { knownSignal } from '../signals/known-signals.js';

/**
 * Decodes a dead letter and masks its personal data. Data that cannot be decoded is not shown, because its personal
 * data cannot be recognised.
 */
export async function maskedPayload(
  topics: TopicStore,
  deadLetter: DeadLetter,
  codec: EventCodec,
): Promise<{ readonly data: object | null; readonly undecodable?: string }> {
  try {
    if (deadLetter.eventType !== null) await knownSignal(deadLetter.eventType);
    const { signal, data } = await decodeDeadLetter(topics, deadLetter, codec);
    const masked = maskPersonalData(signal.shape, recordToJson(signal, data));
    jsonText(masked); // throws for NaN and the infinities, which JSON does not have
    return { data: masked };
  } catch (error) {
    return { data: null, undecodable: reasonOf(error) };
  }
}
