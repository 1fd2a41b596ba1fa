import { recordToJson } from '@openedx-ts/events-avro';
import { type EventCodec, reasonOf } from '@openedx-ts/events-core/bus';
import {
  type DeadLetter,
  decodeDeadLetter,
  maskPersonalData,
  maskPersonalText,
  type TopicStore,
} from '@openedx-ts/events-core/operate';
import { jsonText } from '../records/json-text.js';
import { knownSignal } from '../signals/known-signals.js';

/** What may be shown of a dead letter. */
export interface MaskedPayload {
  readonly shown: { readonly data: object | null; readonly undecodable?: string };
  /** Masks the personal values of the event in another text. */
  readonly mask: (text: string) => string;
}

/**
 * Decodes a dead letter and masks its personal data. Data that cannot be decoded is not shown, because its personal
 * data cannot be recognised.
 */
export async function maskedPayload(
  topics: TopicStore,
  deadLetter: DeadLetter,
  codec: EventCodec,
): Promise<MaskedPayload> {
  try {
    if (deadLetter.eventType !== null) await knownSignal(deadLetter.eventType);
    const { signal, data } = await decodeDeadLetter(topics, deadLetter, codec);
    const masked = maskPersonalData(signal.shape, recordToJson(signal, data));
    jsonText(masked); // throws for NaN and the infinities, which JSON does not have
    return { shown: { data: masked }, mask: (text) => maskPersonalText(signal.shape, data, text) };
  } catch (error) {
    return { shown: { data: null, undecodable: reasonOf(error) }, mask: (text) => text };
  }
}
