import type { JsonValue } from '@openedx-ts/events-core';
import type { FieldDefinitions, ShapeDefinition } from '../definitions/event-definition.js';
import { constantName, type NamedEvent } from '../definitions/named-event.js';
import { CommandError } from '../terminal/command-error.js';
import { type PythonField, type PythonMetadata, type PythonType, shapeOfField } from './python-field.js';
import {
  type PythonAssignment,
  type PythonClass,
  type PythonExpression,
  readPythonSource,
} from './python-syntax.js';

/**
 * Reads the events of Python modules without running them: each `OpenEdxPublicSignal`, with the data classes that it
 * uses, which may be in any of the modules.
 *
 * @param types only these event types; all without
 * @throws CommandError naming what cannot be understood, or a class that is missing
 */
export function pythonEvents(texts: readonly string[], types?: readonly string[]): readonly NamedEvent[] {
  const sources = texts.map(readPythonSource);
  const reader = new EventReader(sources.flatMap(({ classes }) => classes));
  return sources
    .flatMap(({ assignments }) => assignments)
    .filter(({ value }) => value?.kind === 'call' && /(^|\.)OpenEdxPublicSignal$/.test(value.name))
    .filter((signal) => types === undefined || types.includes(String(eventTypeOf(signal))))
    .map((assignment) => reader.event(assignment));
}

function eventTypeOf({ value }: PythonAssignment): JsonValue | undefined {
  return value?.kind === 'call' ? jsonOf(value.named.get('event_type')) : undefined;
}

class EventReader {
  readonly #classes: ReadonlyMap<string, PythonClass>;
  readonly #open: string[] = [];

  constructor(classes: readonly PythonClass[]) {
    this.#classes = new Map(classes.map((one) => [one.name, one]));
  }

  event({ name, value, comments }: PythonAssignment): NamedEvent {
    const { named } = value as Extract<PythonExpression, { readonly kind: 'call' }>;
    const eventType = jsonOf(named.get('event_type'));
    const data = named.get('data');
    if (typeof eventType !== 'string' || data?.kind !== 'dict')
      throw refusal(name, 'event_type must be a text and data a dictionary, both written out');
    const minorVersion = jsonOf(named.get('minor_version')) ?? 0;
    if (typeof minorVersion !== 'number') throw refusal(name, 'minor_version must be a number');
    const fields = data.entries.map(([key, type]) => {
      const metadata = fieldMetadata(comments, key);
      const field = { type: typeOf(type, `${name}.${key}`).type, default: undefined, metadata };
      return [key, this.#shape(field, `${name}.${key}`)] as const;
    });
    return {
      name: /^[A-Z][A-Z0-9_]*$/.test(name) ? name : constantName(eventType),
      eventType,
      minorVersion,
      doc: annotation(comments, 'event_description'),
      definition: {
        key_field: annotation(comments, 'event_key_field') ?? null,
        data: Object.fromEntries(fields),
      },
    };
  }

  #shape(field: PythonField, path: string): ShapeDefinition {
    return this.#filled(shapeOfField(field), path);
  }

  /** Gives records their fields. */
  #filled(shape: ShapeDefinition, path: string): ShapeDefinition {
    if (shape.kind === 'record') return { ...shape, fields: this.#record(shape.name, path) };
    return 'of' in shape ? { ...shape, of: this.#filled(shape.of, path) } : shape;
  }

  #record(name: string, path: string): FieldDefinitions {
    const found = this.#classes.get(name);
    if (found === undefined)
      throw refusal(path, `there is no class ${name}: name the file that defines it too`);
    if (this.#open.includes(name)) throw refusal(path, `the class ${name} contains itself`);
    this.#open.push(name);
    // As attrs does: fields of base classes first, and what is defined again at the place of its last definition.
    const fields: Record<string, ShapeDefinition> = {};
    for (const base of found.bases.filter((one) => this.#classes.has(one)))
      Object.assign(fields, this.#record(base, path));
    for (const field of found.fields) {
      const read = fieldOf(field, `${name}.${field.name}`);
      if (read === undefined) continue;
      delete fields[field.name];
      fields[field.name] = this.#shape(read, `${name}.${field.name}`);
    }
    this.#open.pop();
    return fields;
  }
}

/** A field of a class: `attr.ib(...)`, `attrs.field(...)`, or a name with a type. */
function fieldOf({ type, value }: PythonAssignment, path: string): PythonField | undefined {
  const isCall = value?.kind === 'call' && /^(attr\.(ib|attrib|field)|attrs\.field|field)$/.test(value.name);
  const named: ReadonlyMap<string, PythonExpression> = isCall ? value.named : new Map();
  const annotated = type ?? named.get('type');
  if (annotated === undefined) {
    if (isCall) throw refusal(path, 'the field has no type');
    return undefined;
  }
  const { type: inner, isOptional } = typeOf(annotated, path);
  const given = isCall
    ? defaultIn(named, path)
    : value === undefined
      ? undefined
      : { value: literal(value, path) };
  const metadata = named.get('metadata');
  return {
    type: inner,
    default: given ?? (isOptional ? { value: null } : undefined),
    metadata: (metadata === undefined ? {} : literal(metadata, path)) as PythonMetadata,
  };
}

function defaultIn(named: ReadonlyMap<string, PythonExpression>, path: string): PythonField['default'] {
  const given = named.get('default');
  if (given !== undefined) return { value: literal(given, path) };
  const factory = named.get('factory');
  if (factory === undefined) return undefined;
  if (factory.kind === 'lambda') return { value: literal(factory.result, path) };
  const made = factory.kind === 'name' ? factories[factory.name] : undefined;
  if (made === undefined)
    throw refusal(path, 'the factory of its default is not list, dict, str or a lambda');
  return { value: made };
}

const factories: Readonly<Record<string, JsonValue>> = {
  list: [],
  dict: {},
  str: '',
  int: 0,
  float: 0,
  bool: false,
};

function typeOf(
  type: PythonExpression,
  path: string,
): { readonly type: PythonType; readonly isOptional: boolean } {
  if (type.kind === 'name') return { type: type.name, isOptional: false };
  if (type.kind === 'value' && typeof type.value === 'string') return { type: type.value, isOptional: false };
  if (type.kind === 'union') {
    const others = type.items.filter((item) => item.kind !== 'value' || item.value !== null);
    if (others.length === 1 && others.length < type.items.length)
      return { type: typeOf(others[0] as PythonExpression, path).type, isOptional: true };
  }
  if (type.kind === 'index' && type.of.kind === 'name') {
    const last = type.items.at(-1);
    const inner = last === undefined ? undefined : typeOf(last, path);
    if (inner !== undefined && /^(List|list|Sequence)$/.test(type.of.name))
      return { type: { in: 'list', of: inner.type }, isOptional: false };
    if (inner !== undefined && /^(Dict|dict|Mapping)$/.test(type.of.name) && type.items.length === 2)
      return { type: { in: 'dict', of: inner.type }, isOptional: false };
    if (inner !== undefined && type.of.name === 'Optional') return { type: inner.type, isOptional: true };
  }
  throw refusal(path, 'its type is not one that events have');
}

function literal(expression: PythonExpression, path: string): JsonValue {
  const value = jsonOf(expression);
  if (value === undefined) throw refusal(path, 'its default or metadata is not a literal');
  return value;
}

function jsonOf(expression: PythonExpression | undefined): JsonValue | undefined {
  if (expression?.kind === 'value') return expression.value;
  if (expression?.kind === 'list') {
    const items = expression.items.map(jsonOf);
    return items.includes(undefined) ? undefined : (items as JsonValue[]);
  }
  if (expression?.kind !== 'dict') return undefined;
  const entries = expression.entries.map(([key, value]) => [key, jsonOf(value)] as const);
  return entries.some(([, value]) => value === undefined)
    ? undefined
    : (Object.fromEntries(entries) as JsonValue);
}

/** An annotation in the comments above a signal: `.. event_key_field: user.id`. */
function annotation(comments: readonly string[], name: string): string | undefined {
  const start = `.. ${name}:`;
  const value = comments
    .find((comment) => comment.startsWith(start))
    ?.slice(start.length)
    .trim();
  return value === '' ? undefined : value;
}

function fieldMetadata(comments: readonly string[], key: string): PythonMetadata {
  const start = `.. event_field_metadata: ${key} `;
  const text = comments.find((comment) => comment.startsWith(start))?.slice(start.length);
  try {
    return text === undefined ? {} : (JSON.parse(text) as PythonMetadata);
  } catch {
    throw refusal(key, 'event_field_metadata is not JSON');
  }
}

function refusal(path: string, reason: string): CommandError {
  return new CommandError('CLI_UNSUPPORTED', `${path}: ${reason}`);
}
