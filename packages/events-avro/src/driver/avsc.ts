import { withdrawRequire } from './withdraw-require.js';

// Below the import above: modules are evaluated in the order of their imports.

import avro from 'avsc';

withdrawRequire();

/**
 * The only file that imports avsc. It declares the parts of avsc that this folder uses, private ones included: avsc's
 * own types for text, integers and optional fields lose data or are slow (see the types beside this file), and its
 * public extension point, LogicalType, receives values only after they were read. The version is therefore pinned.
 */

/** The buffer that avsc reads from or writes to, and its position. */
export interface Tap {
  buf: Buffer;
  pos: number;
  readLong(): number;
  writeLong(value: number): void;
  readDouble(): number;
  writeDouble(value: number): void;
  readFloat(): number;
}

/** A compiled schema. */
export interface AvscType {
  readonly typeName: string;
  readonly name: string | undefined;
  _read(tap: Tap): unknown;
  _write(tap: Tap, value: unknown): void;
  _skip(tap: Tap): void;
  encode(value: unknown, buffer: Buffer, position: number): number;
  fromBuffer(buffer: Buffer, resolver?: AvscResolver): unknown;
  createResolver(writer: AvscType, options: { readonly ignoreNamespaces: true }): AvscResolver;
}

/** Reads values of a writer's schema as values of a reader's type. */
export interface AvscResolver {
  _read: (tap: Tap) => unknown;
}

/**
 * Base class of custom avsc types. A subclass reads and writes values, and in `_update` sets `_read` of the resolver to
 * read values of the writer's type, or leaves it unset if they cannot be read.
 */
export const OwnType = avro.Type as unknown as abstract new () => AvscType & {
  _copy(value: unknown): unknown;
  _update(resolver: AvscResolver, writer: AvscType, options: object): void;
};

/** Compiles a primitive type. */
export function primitiveType(name: string): AvscType {
  return avro.Type.forSchema(name as 'string') as unknown as AvscType;
}

/** Compiles an array type. */
export function arrayType(items: AvscType): AvscType {
  return avro.Type.forSchema({
    type: 'array',
    items: items as unknown as avro.Schema,
  }) as unknown as AvscType;
}

/** Compiles a map type. */
export function mapType(values: AvscType): AvscType {
  return avro.Type.forSchema({
    type: 'map',
    values: values as unknown as avro.Schema,
  }) as unknown as AvscType;
}

/** A field for `recordType`. The default of a field with `hasDefault` is what its type's `_copy` returns. */
export interface AvscField {
  readonly name: string;
  readonly type: AvscType;
  readonly hasDefault: boolean;
}

/** Compiles a record type. The values it reads are plain objects without methods of avsc. */
export function recordType(name: string, fields: readonly AvscField[]): AvscType {
  const schema = {
    type: 'record',
    name,
    fields: fields.map(({ name, type, hasDefault }) =>
      hasDefault ? { name, type, default: null } : { name, type },
    ),
  };
  const isSafe = fields.every(({ name }) => !(name in Object.prototype));
  const type = new (isSafe ? RecordType : SafeRecordType)(schema, { omitRecordMethods: true });
  type.recordConstructor.prototype = Object.prototype;
  return type;
}

/** Returns the type of a record's field. */
export function fieldType(record: AvscType, name: string): AvscType {
  return (record as AvscRecordType).field(name).type;
}

interface AvscRecordType extends AvscType {
  readonly fields: readonly { readonly name: string; readonly type: AvscType }[];
  readonly recordConstructor: (new (...values: unknown[]) => object) & { prototype: object };
  field(name: string): { readonly type: AvscType };
  _update(resolver: AvscResolver, writer: AvscType, options: { readonly ignoreNamespaces: true }): void;
}

const RecordType = avro.types.RecordType as unknown as new (
  schema: object,
  options: object,
) => AvscRecordType;

/** avsc looks fields up in plain objects and so confuses a field such as `constructor` with an inherited one. */
class SafeRecordType extends RecordType {
  override _update(
    resolver: AvscResolver,
    writer: AvscType,
    options: { readonly ignoreNamespaces: true },
  ): void {
    const indexes = new Map(this.fields.map(({ name }, index) => [name, index]));
    const steps = (writer as AvscRecordType).fields.map(({ name, type }) => {
      const fieldIndex = indexes.get(name);
      if (fieldIndex === undefined) return (tap: Tap) => type._skip(tap);
      const field = this.fields[fieldIndex]?.type.createResolver(type, options) as AvscResolver;
      return (tap: Tap, values: unknown[]) => {
        values[fieldIndex] = field._read(tap);
      };
    });
    resolver._read = (tap) => {
      const values = new Array<unknown>(indexes.size).fill(undefined);
      for (const step of steps) step(tap, values);
      return new this.recordConstructor(...values);
    };
  }
}
