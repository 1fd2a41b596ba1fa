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
 * The data of a dead letter with personal data masked. What cannot be decoded is not shown: nobody can say what is
 * personal in it.
 */
export async function maskedPayload(
  topics: TopicStore,
  letter: DeadLetter,
  codec: EventCodec,
): Promise<{ readonly data: object | null; readonly undecodable?: string }> {
  try {
    if (letter.eventType !== null) await knownSignal(letter.eventType);
    const { signal, data } = await decodeDeadLetter(topics, letter, codec);
    const masked = maskPersonalData(signal.shape, recordToJson(signal, data));
    jsonText(masked); // not everything that Avro can say
    return { data: masked };
  } catch (error) {
    return { data: null, undecodable: reasonOf(error) };
  }
}
