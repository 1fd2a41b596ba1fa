import { type RecordJson, recordFromJson } from '@openedx-ts/events-avro';
import { createMetadata, type EventsMetadata, type OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { metadataFromJson, metadataToJson, nearestName } from '@openedx-ts/events-core/bus';
import { JsonTextError, parseJson } from '../records/json-text.js';
import { CommandError } from '../terminal/command-error.js';

/** The event in a line of the input. */
export interface LineEvent {
  readonly data: object;
  readonly metadata: EventsMetadata;
}

/**
 * Reads one event, `{"data": {...}, "metadata": {...}}`. Metadata fields that are missing are generated. A line that
 * `consume` wrote is accepted too; its topic and position are ignored.
 *
 * @throws JsonTextError, CommandError, InvalidDataError, InvalidMetadataError
 */
export function outgoingEvent(signal: OpenEdxPublicSignal, text: string): LineEvent {
  const line = objectOf(parseJson(text), 'expected one JSON object, {"data": {...}}');
  refuseUnknownKeys(line, lineKeys, 'a line');
  const { data, event_type: eventType } = line;
  if (eventType !== undefined && eventType !== signal.eventType) {
    throw new CommandError('CLI_INPUT', `event_type: expected ${signal.eventType}, as given by --type`);
  }
  if (data === undefined) throw new JsonTextError('expected "data", the record of an event');
  return {
    metadata: metadataOf(signal, line.metadata),
    data: recordFromJson(signal, objectOf(data, 'data: expected one JSON object, the record of an event')),
  };
}

function metadataOf(signal: OpenEdxPublicSignal, given: RecordJson | undefined): EventsMetadata {
  const { eventType, minorVersion } = signal;
  const generated = createMetadata({ eventType, minorVersion });
  if (given === undefined) return generated;
  const json = objectOf(given, 'metadata: expected a JSON object');
  refuseUnknownKeys(json, metadataKeys, 'metadata');
  return metadataFromJson({ ...metadataToJson(generated), ...json });
}

function refuseUnknownKeys(json: JsonObject, known: readonly string[], what: string): void {
  for (const key of Object.keys(json)) {
    if (known.includes(key)) continue;
    const nearest = nearestName(key, known);
    const hint = nearest === undefined ? `known are ${known.join(', ')}` : `did you mean ${nearest}?`;
    throw new CommandError('CLI_INPUT', `${what} has an unknown key: ${hint}`);
  }
}

const lineKeys = ['data', 'metadata', 'event_type', 'topic', 'position'];
const metadataKeys = [
  'event_type',
  'id',
  'minorversion',
  'source',
  'sourcehost',
  'time',
  'sourcelib',
  'correlationid',
  'causationid',
  'traceparent',
  'tracestate',
];

type JsonObject = { readonly [key: string]: RecordJson };

function objectOf(json: RecordJson, expected: string): JsonObject {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as JsonObject;
  throw new JsonTextError(expected);
}
