import type { JsonValue } from '@openedx-ts/events-core';
import type { EventDefinition, FieldDefinitions, ShapeDefinition } from './event-definition.js';

/** Which defaults a schema of a definition has. */
export interface DefinitionSchemaOptions {
  /**
   * Whether fields with `withDefault` have a default: our reader fills it in, while the schema that travels has none, as
   * in the reference.
   */
  readonly asReader: boolean;
}

/** Builds the Avro schema of a definition, as text. */
export function definitionSchema(
  eventType: string,
  { data }: EventDefinition,
  { asReader }: DefinitionSchemaOptions,
): string {
  const fields = fieldsJson(data, { asReader, defined: new Set() });
  return JSON.stringify({ name: 'CloudEvent', type: 'record', fields, namespace: eventType });
}

/** Builds the schema of an event's key as text: the definition of the field, which decides the bytes of the key. */
export function keySchema({ data, key_field }: EventDefinition): string | undefined {
  if (key_field === null) return undefined;
  let fields: FieldDefinitions | undefined = data;
  let shape: ShapeDefinition | undefined;
  const names = key_field.split('.');
  for (const name of names) {
    shape = fields?.[name];
    fields = shape?.kind === 'record' ? shape.fields : undefined;
  }
  if (shape === undefined) return undefined;
  return JSON.stringify({
    name: names.at(-1),
    type: typeJson(shape, { asReader: false, defined: new Set() }),
  });
}

interface Writing {
  readonly asReader: boolean;
  /** Records that are defined already: a second use has only the name. */
  readonly defined: Set<string>;
}

function fieldsJson(fields: FieldDefinitions, writing: Writing): JsonValue {
  return Object.entries(fields).map(([name, shape]) => {
    const type = typeJson(shape, writing);
    if (shape.kind === 'optional') return { name, type, default: null };
    return shape.kind === 'withDefault' && writing.asReader
      ? { name, type, default: shape.default }
      : { name, type };
  });
}

function typeJson(shape: ShapeDefinition, writing: Writing): JsonValue {
  switch (shape.kind) {
    case 'record':
      if (writing.defined.has(shape.name)) return shape.name;
      writing.defined.add(shape.name);
      return { name: shape.name, type: 'record', fields: fieldsJson(shape.fields, writing) };
    case 'list':
      return { type: 'array', items: typeJson(shape.of, writing) };
    case 'map':
      return { type: 'map', values: typeJson(shape.of, writing) };
    case 'optional':
      return ['null', typeJson(shape.of, writing)];
    case 'withDefault':
      return typeJson(shape.of, writing);
    case 'custom':
      return shape.wire;
    default:
      return shape.kind;
  }
}
