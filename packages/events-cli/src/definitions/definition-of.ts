import type { JsonValue, OpenEdxPublicSignal } from '@openedx-ts/events-core';
import type { AnyShape, Fields } from '@openedx-ts/events-core/bus';
import type { EventDefinition, FieldDefinitions, ShapeDefinition } from './event-definition.js';

/** Describes the definition of an event as JSON. */
export function definitionOf({ about, shape }: OpenEdxPublicSignal): EventDefinition {
  return { key_field: about.eventKeyField ?? null, data: fieldsOf(shape.fields) };
}

function fieldsOf(fields: Fields): FieldDefinitions {
  return Object.fromEntries(
    Object.entries(fields).map(([name, shape]) => [name, shapeOf(shape as AnyShape)]),
  );
}

function shapeOf(shape: AnyShape): ShapeDefinition {
  const pii = shape.pii.length === 0 ? {} : { pii: shape.pii };
  switch (shape.kind) {
    case 'record':
      return { kind: 'record', name: shape.name, ...pii, fields: fieldsOf(shape.fields) };
    case 'list':
    case 'optional':
      return { kind: shape.kind, ...pii, of: shapeOf(shape.of as AnyShape) };
    case 'map':
      return { kind: 'map', ...pii, of: shapeOf(shape.values as AnyShape) };
    case 'withDefault': {
      const of = shape.of as AnyShape;
      return { kind: 'withDefault', ...pii, of: shapeOf(of), default: defaultOf(of, shape.default) };
    }
    case 'custom': {
      const { name, wire, symbols } = shape.type;
      return { kind: 'custom', name, wire, ...(symbols === undefined ? {} : { symbols }), ...pii };
    }
    default:
      return { kind: shape.kind, ...pii };
  }
}

/** A default in the form of Avro's JSON: custom values as they travel, bytes as text of the characters U+0000 to U+00FF. */
function defaultOf(shape: AnyShape, value: unknown): JsonValue {
  switch (shape.kind) {
    case 'record':
      return mapped(value as object, (name) => shape.fields[name] as AnyShape);
    case 'list':
      return (value as readonly unknown[]).map((item) => defaultOf(shape.of as AnyShape, item));
    case 'map':
      return mapped(value as object, () => shape.values as AnyShape);
    case 'optional':
    case 'withDefault':
      return value === null ? null : defaultOf(shape.of as AnyShape, value);
    case 'custom':
      return wireJson(shape.type.toWire(value));
    default:
      return wireJson(value);
  }
}

function mapped(value: object, shapeOf: (name: string) => AnyShape): JsonValue {
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, defaultOf(shapeOf(name), item)]),
  );
}

/** JSON has neither bytes nor integers of 64 bits nor infinities. */
function wireJson(value: unknown): JsonValue {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  return typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))
    ? String(value)
    : (value as JsonValue);
}
