import { schemaOf } from '@openedx-ts/events-avro';
import { createMetadata, type JsonValue, type OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { encodeHeaders } from '@openedx-ts/events-core/bus';
import type { EventDefinition, FieldDefinitions, ShapeDefinition } from '../definitions/event-definition.js';
import { jsonSchemaOf, jsonSchemaOfFields } from './json-schema.js';

/** The buses of which AsyncAPI has bindings. */
export type AsyncApiBus = 'kafka' | 'redis';

/** An event as the message of an AsyncAPI document. */
export interface MessageInput {
  readonly signal: OpenEdxPublicSignal;
  readonly definition: EventDefinition;
  /** The name of its constant. */
  readonly name: string;
  /** The path of the key on this channel; undefined when no route names one. */
  readonly keyField: string | undefined;
  readonly bus: AsyncApiBus;
}

/** Describes an event on a channel: headers, key, payload, personal data. */
export function messageOf(input: MessageInput): { readonly [key: string]: JsonValue } {
  const { signal, definition, name, keyField, bus } = input;
  const { doc, deprecated } = signal.about;
  const key = keyField === undefined ? undefined : shapeAt(definition.data, keyField.split('.'));
  const kafka = {
    ...(key === undefined ? {} : { key: jsonSchemaOf(key) }),
    schemaIdLocation: 'payload',
    schemaIdPayloadEncoding: 'confluent',
    bindingVersion: '0.5.0',
  };
  return {
    name: signal.eventType,
    title: name,
    ...(doc === undefined ? {} : { summary: doc }),
    contentType: 'application/avro',
    headers: headersOf(signal, bus),
    payload: payloadOf(signal, definition),
    ...(bus === 'kafka' ? { bindings: { kafka } } : {}),
    'x-pii': Object.fromEntries(piiIn(definition.data, '')),
    ...(keyField === undefined ? {} : { 'x-event-key-field': keyField }),
    ...(deprecated === undefined ? {} : { 'x-deprecated': deprecated }),
  };
}

/** AsyncAPI's parser for Avro never returns from a namespace with a hyphen: such an event is described as JSON Schema. */
function payloadOf(signal: OpenEdxPublicSignal, { data }: EventDefinition): JsonValue {
  const { json, text } = schemaOf(signal);
  return signal.eventType.includes('-')
    ? { ...jsonSchemaOfFields(data), 'x-avro-schema': text }
    : { schemaFormat: 'application/vnd.apache.avro+json;version=1.9.0', schema: json };
}

/** The headers that a bus writes: fields of an entry on Redis. */
function headersOf({ eventType, minorVersion }: OpenEdxPublicSignal, bus: AsyncApiBus): JsonValue {
  const own = encodeHeaders(createMetadata({ eventType, minorVersion, trace: null }), bus).map(
    ([name]) => name,
  );
  const type = bus === 'kafka' ? 'ce_type' : 'type';
  const further = bus === 'kafka' ? kafkaHeaders : redisHeaders;
  const properties = [...own, ...further].map((name) => [
    name,
    name === type ? { type: 'string', const: eventType } : { type: 'string' },
  ]);
  return { type: 'object', required: own, properties: Object.fromEntries(properties) };
}

/** Written where an event has a cause or a trace. */
const kafkaHeaders = ['ce_correlationid', 'ce_causationid', 'traceparent', 'tracestate'];
const redisHeaders = ['correlationid', 'causationid', 'traceparent', 'tracestate', 'event_key', 'schema_fp'];

function shapeAt(
  fields: FieldDefinitions,
  [name = '', ...rest]: readonly string[],
): ShapeDefinition | undefined {
  const shape = fields[name];
  if (rest.length === 0 || shape === undefined) return shape;
  return shape.kind === 'record' ? shapeAt(shape.fields, rest) : undefined;
}

/** The kinds of personal data of each field that is marked, by path. */
function piiIn(fields: FieldDefinitions, prefix: string): readonly (readonly [string, JsonValue])[] {
  return Object.entries(fields).flatMap(([name, shape]) => piiOf(shape, `${prefix}${name}`));
}

function piiOf(shape: ShapeDefinition, path: string): readonly (readonly [string, JsonValue])[] {
  if (shape.pii !== undefined) return [[path, shape.pii]];
  switch (shape.kind) {
    case 'record':
      return piiIn(shape.fields, `${path}.`);
    case 'list':
      return piiOf(shape.of, `${path}[]`);
    case 'map':
      return piiOf(shape.of, `${path}{}`);
    case 'optional':
    case 'withDefault':
      return piiOf(shape.of, path);
    default:
      return [];
  }
}
