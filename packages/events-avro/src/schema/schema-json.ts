import type { JsonValue, OpenEdxPublicSignal, Shape } from '@openedx-ts/events-core';
import type { AnyShape, Fields } from '@openedx-ts/events-core/bus';

type JsonObject = { readonly [key: string]: JsonValue };

/** The Avro schema of a signal as JSON, keys in the reference's order (name, type, doc, fields, namespace). */
export function schemaJson(signal: OpenEdxPublicSignal): JsonObject {
  const defined = new Set<string>();
  return {
    name: 'CloudEvent',
    type: 'record',
    doc: 'Avro Event Format for CloudEvents created with openedx_events/schema',
    fields: fieldsJson(signal.shape.fields, defined),
    namespace: signal.eventType,
  };
}

/**
 * The definition of one record field. An optional field is `["null", T]` with default null; no other default is
 * written, as in the reference. A record that was written before (`defined`) is only named.
 */
export function fieldJson(name: string, shape: Shape, defined: Set<string>): JsonObject {
  const { kind, of } = shape as Shape & { readonly of?: Shape };
  switch (kind) {
    case 'optional':
      return { name, type: ['null', typeJson(of as AnyShape, defined)], default: null };
    case 'withDefault':
      return { name, type: typeJson(of as AnyShape, defined) };
    default:
      return { name, type: typeJson(shape as AnyShape, defined) };
  }
}

function fieldsJson(fields: Fields, defined: Set<string>): JsonValue {
  return Object.entries(fields).map(([name, shape]) => fieldJson(name, shape, defined));
}

function typeJson(shape: AnyShape, defined: Set<string>): JsonValue {
  switch (shape.kind) {
    case 'record':
      if (defined.has(shape.name)) return shape.name;
      defined.add(shape.name);
      return { name: shape.name, type: 'record', fields: fieldsJson(shape.fields, defined) };
    case 'list':
      return { type: 'array', items: typeJson(shape.of as AnyShape, defined) };
    case 'map':
      return { type: 'map', values: typeJson(shape.values as AnyShape, defined) };
    case 'custom':
      return shape.type.wire;
    case 'optional':
    case 'withDefault':
      return typeJson(shape.of as AnyShape, defined);
    default:
      return shape.kind;
  }
}
