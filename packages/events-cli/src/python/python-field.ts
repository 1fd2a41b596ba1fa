import { isDeepStrictEqual } from 'node:util';
import type { JsonValue, PiiType } from '@openedx-ts/events-core';
import type { ShapeDefinition } from '../definitions/event-definition.js';
import { pythonClasses } from '../definitions/python-classes.js';

/** A field of a Python data class, or an entry of a signal's `data`. */
export interface PythonField {
  readonly type: PythonType;
  /** Undefined: the field is required. */
  readonly default: { readonly value: JsonValue } | undefined;
  readonly metadata: PythonMetadata;
}

/** A type: the name of a class, or a list or dictionary. */
export type PythonType = string | { readonly in: 'list' | 'dict'; readonly of: PythonType };

/** What Python's types do not express; it is kept in the `metadata` of a field. */
export interface PythonMetadata {
  readonly pii?: readonly PiiType[];
  /** A custom type that is plain text or a plain number in Python. */
  readonly type?: string;
  readonly symbols?: readonly string[];
  /** The shape as in `definitions.json`, with records by name, where nothing else expresses it. */
  readonly shape?: JsonValue;
}

/** Describes a shape as a Python field, from which `shapeOfField` makes the same shape. */
export function fieldOfShape(shape: ShapeDefinition): PythonField {
  const inner = bare(shape);
  const field: PythonField = {
    type: typeOf(inner, true),
    default: defaultOf(shape),
    metadata: metadataOf(inner),
  };
  const wanted = withoutFields(shape);
  return isDeepStrictEqual(withoutFields(shapeOfField(field)), wanted)
    ? field
    : { ...field, metadata: { shape: wanted as unknown as JsonValue } };
}

/** The shape of a Python field. Records have no fields: the caller knows the classes. */
export function shapeOfField({ type, default: given, metadata }: PythonField): ShapeDefinition {
  if (metadata.shape !== undefined) return metadata.shape as unknown as ShapeDefinition;
  const pii = metadata.pii === undefined ? {} : { pii: metadata.pii };
  const of = { ...shapeOfType(type, metadata), ...pii } as ShapeDefinition;
  if (given === undefined) return of;
  if (given.value === null) return { kind: 'optional', ...pii, of };
  return { kind: 'withDefault', ...pii, of, default: given.value };
}

function shapeOfType(type: PythonType, metadata: PythonMetadata): ShapeDefinition {
  if (typeof type !== 'string')
    return { kind: type.in === 'list' ? 'list' : 'map', of: shapeOfType(type.of, {}) };
  const wire = Object.hasOwn(primitives, type) ? primitives[type as keyof typeof primitives] : undefined;
  const { symbols, type: name = symbols === undefined ? undefined : 'enumeration' } = metadata;
  if (wire !== undefined && name !== undefined)
    return { kind: 'custom', name, wire, ...(symbols === undefined ? {} : { symbols }) };
  if (wire !== undefined) return { kind: wire };
  const custom = Object.keys(pythonClasses).find((one) => pythonClasses[one] === type);
  if (custom !== undefined) return { kind: 'custom', name: custom, wire: 'string' };
  return { kind: 'record', name: type, fields: {} };
}

const primitives = { str: 'string', int: 'long', float: 'double', bool: 'boolean', bytes: 'bytes' } as const;
const classes = { string: 'str', long: 'int', double: 'float', boolean: 'bool', bytes: 'bytes' } as const;

/** Custom types stand alone: Python has no serializers for them inside lists and dictionaries, where they are primitives. */
function typeOf(shape: ShapeDefinition, isAlone: boolean): PythonType {
  switch (shape.kind) {
    case 'record':
      return shape.name;
    case 'list':
      return { in: 'list', of: typeOf(bare(shape.of), false) };
    case 'map':
      return { in: 'dict', of: typeOf(bare(shape.of), false) };
    case 'custom':
      return (isAlone ? pythonClasses[shape.name] : undefined) ?? classes[shape.wire];
    case 'optional':
    case 'withDefault':
      return typeOf(shape.of, isAlone);
    default:
      return classes[shape.kind];
  }
}

/** A default of a class of its own cannot be written as JSON: the field is required then, as it is on the wire. */
function defaultOf(shape: ShapeDefinition): PythonField['default'] {
  if (shape.kind === 'optional') return { value: null };
  if (shape.kind !== 'withDefault') return undefined;
  const inner = bare(shape);
  const isClass =
    inner.kind === 'record' || (inner.kind === 'custom' && pythonClasses[inner.name] !== undefined);
  return isClass ? undefined : { value: shape.default };
}

function metadataOf(shape: ShapeDefinition): PythonMetadata {
  const pii = shape.pii === undefined ? {} : { pii: shape.pii };
  if (shape.kind !== 'custom' || pythonClasses[shape.name] !== undefined) return pii;
  if (shape.symbols !== undefined && shape.name === 'enumeration') return { ...pii, symbols: shape.symbols };
  return { ...pii, type: shape.name, ...(shape.symbols === undefined ? {} : { symbols: shape.symbols }) };
}

function bare(shape: ShapeDefinition): ShapeDefinition {
  return shape.kind === 'optional' || shape.kind === 'withDefault' ? bare(shape.of) : shape;
}

/** The same shape with records by name only. */
function withoutFields(shape: ShapeDefinition): ShapeDefinition {
  if (shape.kind === 'record') return { ...shape, fields: {} };
  return 'of' in shape ? { ...shape, of: withoutFields(shape.of) } : shape;
}
