import { type RecordJson, recordFromJson } from '@openedx-ts/events-avro';
import { createMetadata, type EventsMetadata, type OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { metadataFromJson, metadataToJson, nearestName } from '@openedx-ts/events-core/bus';
import { CommandError } from '../command-error.js';
import { JsonTextError, parseJson } from '../records/json-text.js';

/** What one line says. */
export interface LineEvent {
  readonly data: object;
  readonly metadata: EventsMetadata;
}

/**
 * Reads one event, `{"data": {...}, "metadata": {...}}`. Metadata may say as much as it likes, the rest is made. A line
 * that `consume` wrote is taken, too: its topic and position say where the event was.
 *
 * @throws JsonTextError, CommandError, InvalidDataError, InvalidMetadataError
 */
export function outgoingEvent(signal: OpenEdxPublicSignal, text: string): LineEvent {
  const line = objectOf(parseJson(text), 'expected one JSON object, {"data": {...}}');
  refuseOthers(line, lineKeys, 'a line');
  const { data, event_type: eventType } = line;
  if (eventType !== undefined && eventType !== signal.eventType) {
    throw new CommandError('CLI_INPUT', `event_type: expected ${signal.eventType} (--type)`);
  }
  if (data === undefined) throw new JsonTextError('expected "data", the record of an event');
  return {
    metadata: metadataOf(signal, line.metadata),
    data: recordFromJson(signal, objectOf(data, 'data: expected one JSON object, the record of an event')),
  };
}

function metadataOf(signal: OpenEdxPublicSignal, given: RecordJson | undefined): EventsMetadata {
  const { eventType, minorVersion } = signal;
  const made = createMetadata({ eventType, minorVersion });
  if (given === undefined) return made;
  const json = objectOf(given, 'metadata: expected a JSON object');
  refuseOthers(json, metadataKeys, 'metadata');
  return metadataFromJson({ ...metadataToJson(made), ...json });
}

function refuseOthers(json: JsonObject, known: readonly string[], what: string): void {
  for (const key of Object.keys(json)) {
    if (known.includes(key)) continue;
    const nearest = nearestName(key, known);
    const hint = nearest === undefined ? `there is ${known.join(', ')}` : `did you mean ${nearest}?`;
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
