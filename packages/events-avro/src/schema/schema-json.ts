import type { JsonValue, OpenEdxPublicSignal, Shape } from '@openedx-ts/events-core';
import type { AnyShape, Fields } from '@openedx-ts/events-core/bus';

type JsonObject = { readonly [key: string]: JsonValue };

/** Builds the Avro schema of a signal as JSON, with keys in the reference's order. */
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
 * Builds the definition of a record field. An optional field is `["null", T]` with default null; as in the reference, no
 * other default is written. A record in `defined` is given only by its name.
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
