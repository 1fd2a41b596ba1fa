import type { Shape } from '@openedx-ts/events-core';
import { type AnyShape, defaultOf, type RecordShape } from '@openedx-ts/events-core/bus';
import { type AvscType, arrayType, primitiveType, recordType } from './avsc.js';
import { BytesType } from './bytes-type.js';
import { CustomWireType } from './custom-type.js';
import { DefaultedType } from './defaulted-type.js';
import { DoubleType } from './double-type.js';
import { LongType } from './long-type.js';
import { MapType } from './map-type.js';
import { OptionalType } from './optional-type.js';
import { TextType } from './text-type.js';

/**
 * Compiles a record shape to the type that writes checked data and reads records directly into the values that receivers
 * get. The names of records get the prefix `r_`, so that they cannot collide with names in avsc's generated code. Records
 * of one name have the same schema, and may have custom types of their own: each shape gets a type of its own.
 */
export function readerType(shape: RecordShape, unsafeIntegers: 'refuse' | 'bigint'): AvscType {
  const records = new Map<RecordShape, AvscType>();
  const text = new TextType();
  const primitives: Record<string, AvscType> = {
    string: text,
    long: new LongType(unsafeIntegers),
    double: new DoubleType(),
    bytes: new BytesType(),
    boolean: primitiveType('boolean'),
  };

  const typeOf = (shape: AnyShape): AvscType => {
    switch (shape.kind) {
      case 'record':
        return recordOf(shape);
      case 'list':
        return arrayType(typeOf(shape.of as AnyShape));
      case 'map':
        return new MapType(text, typeOf(shape.values as AnyShape));
      case 'optional':
        return new OptionalType(typeOf(shape.of as AnyShape));
      case 'withDefault':
        return new DefaultedType(typeOf(shape.of as AnyShape), () => defaultOf(shape));
      case 'custom':
        return new CustomWireType(shape.type, primitives[shape.type.wire] as AvscType);
      default:
        return primitives[shape.kind] as AvscType;
    }
  };

  const recordOf = (shape: RecordShape): AvscType => {
    let type = records.get(shape);
    if (type === undefined) {
      const fields = Object.entries(shape.fields).map(([name, field]: [string, Shape]) => ({
        name,
        type: typeOf(field as AnyShape),
        hasDefault: field.kind === 'optional' || field.kind === 'withDefault',
      }));
      // The namespace is not compared with the writer's; without it, avsc takes the resolver of another record of this name.
      type = recordType(`n${records.size}.r_${shape.name}`, fields);
      records.set(shape, type);
    }
    return type;
  };

  return recordOf(shape);
}
