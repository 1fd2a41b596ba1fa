import { recordToJson } from '@openedx-ts/events-avro';
import { type EventCodec, reasonOf } from '@openedx-ts/events-core/bus';
import { maskPersonalData } from '@openedx-ts/events-core/operate';
import type { ParkedRow } from '@openedx-ts/events-outbox';
import { jsonText } from '../records/json-text.js';
import { knownSignal } from '../signals/known-signals.js';
import type { OpenedOutbox } from './open-outbox.js';

/**
 * Decodes a parked event and masks its personal data. Data that cannot be decoded is not shown, because its personal data
 * cannot be recognised.
 */
export async function maskedRecord(
  { database, store }: OpenedOutbox,
  { eventType, record, recordSchema }: ParkedRow,
  codec: EventCodec,
): Promise<{ readonly data: object | null; readonly undecodable?: string }> {
  const schemas = await store.readSchemas(database, [recordSchema]);
  try {
    const writer = schemas.get(recordSchema);
    if (writer === undefined) throw new Error(`its schema ${recordSchema} is not stored`);
    const signal = await knownSignal(eventType);
    const data = (await codec.bind(signal)).decode(record, writer);
    const masked = maskPersonalData(signal.shape, recordToJson(signal, data as never));
    jsonText(masked); // throws for NaN and the infinities, which JSON does not have
    return { data: masked };
  } catch (error) {
    return { data: null, undecodable: reasonOf(error) };
  }
}
