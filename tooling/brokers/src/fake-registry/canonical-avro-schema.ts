/** A text that is no Avro schema, and why. */
export class InvalidAvroSchemaError extends Error {
  override readonly name = 'InvalidAvroSchemaError';
  readonly code = 'BROKERS_INVALID_AVRO_SCHEMA';
}

const primitives = new Set(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string']);

/** What Avro Java knows of; it keeps other properties, and forgets these where they mean nothing. */
const reserved = new Set('doc fields items name namespace size symbols values type aliases'.split(' '));
const fieldReserved = new Set('default doc name order type aliases'.split(' '));

const named = new Set(['record', 'error', 'enum', 'fixed']);

interface Scope {
  readonly namespace: string;
  /** Full names defined so far. */
  readonly known: Set<string>;
}

/**
 * A schema's text as Avro Java writes it (`Schema.toString`), by which Confluent's registry distinguishes schemas: a primitive
 * is its name alone (`{"name": "username", "type": "string"}` is `"string"`), properties have one order, a repeated type is
 * a reference.
 * @throws {InvalidAvroSchemaError}
 */
export function canonicalAvroSchema(text: string): string {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch (cause) {
    throw new InvalidAvroSchemaError('the schema is no JSON', { cause });
  }
  return JSON.stringify(canonical(schema, { namespace: '', known: new Set() }));
}

function canonical(schema: unknown, scope: Scope): unknown {
  if (typeof schema === 'string') return reference(schema, scope);
  if (Array.isArray(schema)) return schema.map((branch) => canonical(branch, scope));
  if (!isObject(schema)) throw new InvalidAvroSchemaError(`no schema: ${JSON.stringify(schema)}`);
  const { type } = schema;
  // {"type": {"type": …}} is what is inside.
  if (typeof type !== 'string') return canonical(type, scope);
  const properties = others(schema, reserved);
  if (primitives.has(type)) return Object.keys(properties).length === 0 ? type : { type, ...properties };
  if (type === 'array') return { type, items: canonical(schema.items, scope), ...properties };
  if (type === 'map') return { type, values: canonical(schema.values, scope), ...properties };
  if (named.has(type)) return namedType(type, schema, properties, scope);
  return reference(type, scope);
}

function namedType(type: string, schema: JsonObject, properties: JsonObject, scope: Scope): JsonObject {
  const [namespace, name] = fullName(schema.name, schema.namespace ?? scope.namespace);
  const full = namespace === '' ? name : `${namespace}.${name}`;
  if (scope.known.has(full)) throw new InvalidAvroSchemaError(`Can't redefine: ${full}`);
  scope.known.add(full);
  const inner = { ...scope, namespace };
  const fields = Array.isArray(schema.fields)
    ? schema.fields.map((field) => canonicalField(field, inner))
    : [];
  const { doc, symbols, default: byDefault, size, aliases } = schema;
  return {
    type,
    name,
    ...(namespace !== scope.namespace && { namespace }),
    ...(doc !== undefined && { doc }),
    ...(type === 'enum' && { symbols, ...(byDefault !== undefined && { default: byDefault }) }),
    ...(type === 'fixed' && { size }),
    ...((type === 'record' || type === 'error') && { fields }),
    ...(type === 'enum' ? others(properties, new Set(['default'])) : properties),
    ...(aliases !== undefined && { aliases }),
  };
}

function canonicalField(field: unknown, scope: Scope): JsonObject {
  if (!isObject(field)) throw new InvalidAvroSchemaError('a field is no object');
  const { name, doc, default: byDefault, order, aliases } = field;
  if (typeof name !== 'string') throw new InvalidAvroSchemaError('a field has no name');
  return {
    name,
    type: canonical(field.type, scope),
    ...(doc !== undefined && { doc }),
    ...('default' in field && { default: byDefault }),
    ...(order !== undefined && order !== 'ascending' && { order }),
    ...(aliases !== undefined && { aliases }),
    ...others(field, fieldReserved),
  };
}

/** A type that is only named: relative to the namespace around it, as short as can be. */
function reference(type: string, scope: Scope): string {
  if (primitives.has(type)) return type;
  const [namespace, name] = fullName(type, scope.namespace);
  const full = namespace === '' ? name : `${namespace}.${name}`;
  if (!scope.known.has(full)) throw new InvalidAvroSchemaError(`Undefined name: ${type}`);
  return namespace === scope.namespace ? name : full;
}

function fullName(name: unknown, namespace: unknown): readonly [namespace: string, name: string] {
  if (typeof name !== 'string') throw new InvalidAvroSchemaError('a named type has no name');
  const dot = name.lastIndexOf('.');
  const own = name.slice(dot + 1);
  // As Avro Java does: the name must be one, the namespace may be anything.
  if (!/^[A-Za-z_]\w*$/.test(own)) throw new InvalidAvroSchemaError(`Illegal character in: ${own}`);
  return [dot < 0 ? String(namespace ?? '') : name.slice(0, dot), own];
}

function others(object: JsonObject, known: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !known.has(key)));
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
