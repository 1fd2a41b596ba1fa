import type { JsonValue } from '@openedx-ts/events-core';
import type { FieldDefinitions, ShapeDefinition } from '../definitions/event-definition.js';

/** A JSON Schema. */
export type JsonSchema = { readonly [key: string]: JsonValue };

/** Describes the JSON form of a record's fields as JSON Schema; personal data are marked with `x-pii`. */
export function jsonSchemaOfFields(fields: FieldDefinitions): JsonSchema {
  const required = Object.entries(fields)
    .filter(([, { kind }]) => kind !== 'optional' && kind !== 'withDefault')
    .map(([name]) => name);
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, shape]) => [name, jsonSchemaOf(shape)]),
  );
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) };
}

/** Describes the JSON form of a shape as JSON Schema. */
export function jsonSchemaOf(shape: ShapeDefinition): JsonSchema {
  const pii = shape.pii === undefined ? {} : { 'x-pii': shape.pii };
  return { ...typeOf(shape), ...pii };
}

function typeOf(shape: ShapeDefinition): JsonSchema {
  switch (shape.kind) {
    case 'record':
      return { title: shape.name, ...jsonSchemaOfFields(shape.fields) };
    case 'list':
      return { type: 'array', items: jsonSchemaOf(shape.of) };
    case 'map':
      return { type: 'object', additionalProperties: jsonSchemaOf(shape.of) };
    case 'optional':
      return { oneOf: [{ type: 'null' }, jsonSchemaOf(shape.of)], default: null };
    case 'withDefault':
      return { ...jsonSchemaOf(shape.of), default: shape.default };
    case 'custom': {
      const { name, wire, symbols } = shape;
      const format =
        name === 'datetime' ? { format: 'date-time' } : name === 'uuid' ? { format: 'uuid' } : {};
      return {
        title: name,
        type: types[wire],
        ...format,
        ...(symbols === undefined ? {} : { enum: symbols }),
      };
    }
    default:
      return { type: types[shape.kind] };
  }
}

const types = {
  string: 'string',
  bytes: 'string',
  long: 'integer',
  double: 'number',
  boolean: 'boolean',
} as const;
