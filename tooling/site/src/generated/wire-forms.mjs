import { toEntryFields } from '@openedx-ts/event-bus-redis';
import { avroCodec, bareWireFormat, frameConfluent, recordToJson, schemaOf } from '@openedx-ts/events-avro';
import { createMetadata, EventsError } from '@openedx-ts/events-core';
import { checkData, encodeHeaders, eventEncoder } from '@openedx-ts/events-core/bus';
import { eventFactory } from '@openedx-ts/events-testing';

/**
 * @typedef {object} WireForms
 * @property {string} data JSON of an example
 * @property {{ readonly headers: readonly (readonly [string, string])[], readonly value: string }} kafka
 * @property {readonly (readonly [string, string])[]} redis fields of an entry
 * @property {string} schema Avro
 */

/**
 * An example of an event as both buses carry it. The same at each call.
 *
 * @param {import('@openedx-ts/events-core').OpenEdxPublicSignal} signal
 * @param {readonly string[]} paths of its fields, for an event that names no key field
 * @returns {Promise<WireForms>}
 */
export async function wireForms(signal, paths) {
  const { eventType, minorVersion } = signal;
  const metadata = createMetadata({ eventType, minorVersion, ...sender });
  const { event, data } = await encodedExample(signal, metadata, paths);
  const bare = await bareWireFormat({ schemas: noStore }).frame(event, 'topic');
  return {
    data: JSON.stringify(
      recordToJson(signal, data),
      (_, value) => (typeof value === 'bigint' ? String(value) : value),
      2,
    ),
    kafka: {
      headers: encodeHeaders(metadata, 'kafka').map(([name, bytes]) => [name, textOf(bytes)]),
      value: Buffer.from(frameConfluent(1, event.record)).toString('hex'),
    },
    redis: pairsOf(toEntryFields(bare)),
    schema: JSON.stringify(JSON.parse(schemaOf(signal).text), undefined, 2),
  };
}

/**
 * @param {import('@openedx-ts/events-core').OpenEdxPublicSignal} signal
 * @param {import('@openedx-ts/events-core').EventsMetadata} metadata
 * @param {readonly string[]} paths
 */
async function encodedExample(signal, metadata, paths) {
  const data = checkData(signal, eventFactory(signal, { seed: 7 }).build());
  const encoder = await eventEncoder(avroCodec()).bind(signal);
  const { eventKeyField } = signal.about;
  for (const path of eventKeyField === undefined ? paths : [eventKeyField]) {
    try {
      return {
        data,
        event: encoder.encode({ topic: 'topic', eventKeyField: /** @type {never} */ (path), data, metadata }),
      };
    } catch (error) {
      if (!EventsError.is(error) || error.code !== 'EVENTS_PRODUCER_CONFIGURATION') throw error;
    }
  }
  throw new Error(`${signal.eventType} has no field that can be a key`);
}

const sender = {
  id: '019a1e5c-7b00-7000-8000-000000000001',
  source: 'openedx/cms/web',
  sourceHost: 'cms-1',
  sourceLib: [11, 2, 0],
  time: '2026-04-01T12:00:00+00:00',
};

/** Nobody reads what the example names. */
const noStore = { textOf: () => undefined };

/** @param {readonly (string | Uint8Array)[]} fields names and values in turn @returns {[string, string][]} */
function pairsOf(fields) {
  return fields.flatMap((name, index) => {
    if (index % 2 === 1) return [];
    const value = fields[index + 1] ?? '';
    const shown = typeof value === 'string' ? value : name === 'event_data' ? hexOf(value) : textOf(value);
    return [/** @type {[string, string]} */ ([String(name), shown])];
  });
}

/** @param {Uint8Array | null} bytes */
function textOf(bytes) {
  return Buffer.from(bytes ?? []).toString('utf8');
}

/** @param {Uint8Array} bytes */
function hexOf(bytes) {
  return Buffer.from(bytes).toString('hex');
}
