import avro from 'avsc';

/**
 * The only file that imports avsc. It names what we use of it, private parts included: avsc's own types for text,
 * integers and optional fields lose data or time (see the types beside this file), and its public extension point,
 * LogicalType, only sees values they have already read. The dependency is therefore pinned to one version.
 */

/** Where avsc reads and writes. */
export interface Tap {
  buf: Buffer;
  pos: number;
  readLong(): number;
  writeLong(value: number): void;
  readDouble(): number;
  writeDouble(value: number): void;
  readFloat(): number;
  writeString(value: string): void;
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

/** Reads one schema as another. */
export interface AvscResolver {
  _read: (tap: Tap) => unknown;
}

/**
 * Base of types of our own. A subclass says how a value is read and written, and in `_update` how one that another
 * schema wrote is read: by setting `_read` of the resolver, or not, if it cannot be.
 */
export const OwnType = avro.Type as unknown as abstract new () => AvscType & {
  _copy(value: unknown): unknown;
  _update(resolver: AvscResolver, writer: AvscType, options: object): void;
};

/** Compiles a primitive. */
export function primitiveType(name: string): AvscType {
  return avro.Type.forSchema(name as 'string') as unknown as AvscType;
}

export function arrayType(items: AvscType): AvscType {
  return avro.Type.forSchema({
    type: 'array',
    items: items as unknown as avro.Schema,
  }) as unknown as AvscType;
}

export function mapType(values: AvscType): AvscType {
  return avro.Type.forSchema({
    type: 'map',
    values: values as unknown as avro.Schema,
  }) as unknown as AvscType;
}

/** A field for `recordType`; `hasDefault` fields take what their type's `_copy` returns. */
export interface AvscField {
  readonly name: string;
  readonly type: AvscType;
  readonly hasDefault: boolean;
}

/** Compiles a record. Values read with it are plain objects: nothing of avsc hangs on them. */
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

/** The type of a record's field. */
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

/** avsc resolves fields through plain objects, so that it takes fields such as `constructor` for inherited ones. */
class SafeRecordType extends RecordType {
  override _update(
    resolver: AvscResolver,
    writer: AvscType,
    options: { readonly ignoreNamespaces: true },
  ): void {
    const places = new Map(this.fields.map(({ name }, index) => [name, index]));
    const steps = (writer as AvscRecordType).fields.map(({ name, type }) => {
      const place = places.get(name);
      if (place === undefined) return (tap: Tap) => type._skip(tap);
      const field = this.fields[place]?.type.createResolver(type, options) as AvscResolver;
      return (tap: Tap, values: unknown[]) => {
        values[place] = field._read(tap);
      };
    });
    resolver._read = (tap) => {
      const values = new Array<unknown>(places.size).fill(undefined);
      for (const step of steps) step(tap, values);
      return new this.recordConstructor(...values);
    };
  }
}
