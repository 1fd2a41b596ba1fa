import { InvalidShapeError } from '../errors/signal-errors.js';
import { makeShape } from './make-shape.js';
import type { Fields, RecordShape, ShapeAnnotations } from './shape.js';

/**
 * A record. Field names stay as they are on the wire (`snake_case` in Open edX); their order is the order of the
 * bytes. The name is the Python class name, and the same name in one event must mean the same fields.
 *
 * @throws InvalidShapeError when a name is no Avro name or that of a primitive type, or there is no field
 */
export function record<const F extends Fields>(
  name: string,
  fields: F,
  annotations?: ShapeAnnotations,
): RecordShape<F> {
  checkAvroName(name, 'record name');
  if (primitiveNames.has(name))
    throw new InvalidShapeError(`record name "${name}" is a type of Avro: no peer could read its schema`);
  const names = Object.keys(fields);
  if (names.length === 0) throw new InvalidShapeError(`record ${name} has no field: give it at least one`);
  for (const field of names) checkAvroName(field, `field of record ${name}`);
  return makeShape<RecordShape<F>>(
    { kind: 'record', name, fields: Object.freeze({ ...fields }) },
    annotations,
  );
}

/** Avro forbids these as names of records: the second use of a record is its bare name, which would then mean the type. */
const primitiveNames: ReadonlySet<string> = new Set([
  'boolean',
  'bytes',
  'double',
  'float',
  'int',
  'long',
  'null',
  'string',
]);

function checkAvroName(name: string, what: string): void {
  if (isAvroName(name)) return;
  throw new InvalidShapeError(
    `${what} "${name}" is no Avro name: use a-z, A-Z, 0-9 and _, not starting with a digit`,
  );
}

/** Avro names match `[A-Za-z_][A-Za-z0-9_]*`; `__proto__` is never safe in JavaScript. */
export function isAvroName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && name !== '__proto__';
}
