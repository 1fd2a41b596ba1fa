import { schemaFileName } from '@openedx-ts/events-avro';
import { CommandError } from '../terminal/command-error.js';
import type { EventDefinition, FieldDefinitions, ShapeDefinition } from './event-definition.js';

/** An event as its schema shows it. */
export interface SchemaEvent {
  readonly eventType: string;
  readonly definition: EventDefinition;
}

/**
 * Describes an Avro schema of an event as a definition, as far as schemas go: no custom types, `pii` and keys. `int`
 * and `float` become `long` and `double`, which read them.
 *
 * @throws CommandError naming the part that no definition can express
 */
export function definitionOfSchema(label: string, text: string): SchemaEvent {
  const refuse = (path: string, reason: string) =>
    new CommandError('CLI_UNSUPPORTED', `${label}: ${path === '' ? '' : `${path}: `}${reason}`);
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch {
    throw new CommandError('CLI_FILE', `${label}: not valid JSON`);
  }
  const { name, namespace, type, fields } = (schema ?? {}) as Record<string, unknown>;
  if (type !== 'record' || name !== 'CloudEvent' || typeof namespace !== 'string' || !Array.isArray(fields))
    throw refuse(
      '',
      `not the schema of an event, such as ${schemaFileName('org.example.library.book.lent.v1')}`,
    );
  const reader = new SchemaReader(refuse);
  return { eventType: namespace, definition: { key_field: null, data: reader.fields(fields, '') } };
}

class SchemaReader {
  readonly #records = new Map<string, ShapeDefinition>();
  readonly #refuse: (path: string, reason: string) => CommandError;

  constructor(refuse: (path: string, reason: string) => CommandError) {
    this.#refuse = refuse;
  }

  fields(fields: readonly unknown[], path: string): FieldDefinitions {
    return Object.fromEntries(
      fields.map((field) => {
        const { name, type, default: given } = (field ?? {}) as Record<string, unknown>;
        if (typeof name !== 'string') throw this.#refuse(path, 'a field has no name');
        const at = path === '' ? name : `${path}.${name}`;
        const of = this.#type(type, at);
        const hasDefault = given !== undefined && of.kind !== 'optional';
        return [name, hasDefault ? { kind: 'withDefault', of, default: given as never } : of];
      }),
    );
  }

  #type(type: unknown, path: string): ShapeDefinition {
    if (typeof type === 'string') {
      const primitive = Object.hasOwn(primitives, type) ? primitives[type] : undefined;
      const named = this.#records.get(type.slice(type.lastIndexOf('.') + 1));
      if (primitive !== undefined) return { kind: primitive };
      if (named !== undefined) return named;
      throw this.#refuse(path, `the type ${type} is not defined`);
    }
    if (Array.isArray(type)) return this.#union(type, path);
    if (typeof type !== 'object' || type === null) throw this.#refuse(path, 'the field has no type');
    return this.#object(type as Record<string, unknown>, path);
  }

  #union(branches: readonly unknown[], path: string): ShapeDefinition {
    const others = branches.filter((branch) => branch !== 'null');
    if (others.length !== 1 || branches.length !== 2)
      throw this.#refuse(path, 'a union of several types has no shape: only ["null", type] has');
    return { kind: 'optional', of: this.#type(others[0], path) };
  }

  #object(type: Record<string, unknown>, path: string): ShapeDefinition {
    switch (type.type) {
      case 'record': {
        const { name, fields } = type;
        if (typeof name !== 'string' || !Array.isArray(fields))
          throw this.#refuse(path, 'a record is incomplete');
        const record: ShapeDefinition = { kind: 'record', name, fields: this.fields(fields, path) };
        this.#records.set(name, record);
        return record;
      }
      case 'array':
        return { kind: 'list', of: this.#type(type.items, `${path}[]`) };
      case 'map':
        return { kind: 'map', of: this.#type(type.values, `${path}{}`) };
      case 'enum':
      case 'fixed':
        throw this.#refuse(path, `Avro's ${type.type} is not among the shapes of events`);
      default:
        return this.#type(type.type, path);
    }
  }
}

const primitives: Readonly<Record<string, 'boolean' | 'bytes' | 'double' | 'long' | 'string'>> = {
  boolean: 'boolean',
  bytes: 'bytes',
  double: 'double',
  float: 'double',
  int: 'long',
  long: 'long',
  string: 'string',
};
