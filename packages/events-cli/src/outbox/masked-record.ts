import { recordToJson } from '@openedx-ts/events-avro';
import { type EventCodec, reasonOf } from '@openedx-ts/events-core/bus';
import { maskPersonalData, maskPersonalText } from '@openedx-ts/events-core/operate';
import type { ParkedRow } from '@openedx-ts/events-outbox';
import { jsonText } from '../records/json-text.js';
import { knownSignal } from '../signals/known-signals.js';
import type { OpenedOutbox } from './open-outbox.js';

/** What may be shown of a parked event; its `reason` only where its personal values are known. */
export interface MaskedRecord {
  readonly data: object | null;
  readonly reason?: string;
  readonly undecodable?: string;
}

/**
 * Decodes a parked event and masks its personal data. Data that cannot be decoded is not shown, because its personal data
 * cannot be recognised.
 */
export async function maskedRecord(
  { database, store }: OpenedOutbox,
  { eventType, record, recordSchema, reason }: ParkedRow,
  codec: EventCodec,
): Promise<MaskedRecord> {
  const schemas = await store.readSchemas(database, [recordSchema]);
  try {
    const writer = schemas.get(recordSchema);
    if (writer === undefined) throw new Error(`its schema ${recordSchema} is not stored`);
    const signal = await knownSignal(eventType);
    const data = (await codec.bind(signal)).decode(record, writer) as object;
    const masked = maskPersonalData(signal.shape, recordToJson(signal, data));
    jsonText(masked); // throws for NaN and the infinities, which JSON does not have
    return { data: masked, reason: maskPersonalText(signal.shape, data, reason) };
  } catch (error) {
    return { data: null, undecodable: reasonOf(error) };
  }
}
