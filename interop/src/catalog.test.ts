import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as all from '@openedx-ts/events-catalog/all';
import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import type { AnyShape, Fields, RecordShape } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';

const catalogue = read('catalogue.json') as Catalogue;
const golden = read('golden-avro.json') as { readonly events: Readonly<Record<string, { schema: Schema }>> };
/** The events of openedx-events. The reference does not have those of openedx-core, `all.content`. */
const subdomains: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  analytics: all.analytics,
  authz: all.authz,
  content_authoring: all.contentAuthoring,
  enterprise: all.enterprise,
  learning: all.learning,
};

describe('the events of the catalogue', () => {
  it.each(catalogue.signals)('$name is the event of the reference', (reference) => {
    const signal = subdomains[reference.subdomain]?.[reference.name] as OpenEdxPublicSignal;
    const { about, shape } = signal;
    expect({
      event_type: signal.eventType,
      minor_version: signal.minorVersion,
      init_data: typesOf(shape.fields),
      since: about.since,
      may_leave_the_process: about.localOnly === undefined,
      key_field: about.eventKeyField,
      repositories: about.producedBy,
      deprecated: about.deprecated !== undefined,
    }).toEqual({
      event_type: reference.event_type,
      minor_version: reference.minor_version,
      init_data: reference.init_data,
      since: reference.since,
      may_leave_the_process: reference.serializable,
      // Where the reference suggests no key, ours is held against the default routes in the package itself.
      key_field: correctedKeys[reference.name] ?? reference.key_field ?? about.eventKeyField,
      repositories: addedProducers[reference.name] ?? reference.producer.repositories.map(renamed),
      deprecated: reference.flags.includes('deprecated'),
    });
  });

  it('are those of the reference and no others', () => {
    const ours = Object.values(subdomains).flatMap((members) =>
      Object.values(members).flatMap((member) => (member as Partial<OpenEdxPublicSignal>).eventType ?? []),
    );
    expect(ours.sort()).toEqual(catalogue.signals.map(({ event_type }) => event_type).sort());
  });
});

describe('the data classes of the catalogue', () => {
  it.each(catalogue.data_classes)('$qualified_name has the fields of the reference', (reference) => {
    const dataClass = subdomains[reference.subdomain]?.[reference.name] as RecordShape;
    expect(dataClass.name).toBe(reference.name);
    expect(
      Object.entries(dataClass.fields).map(([name, shape]) => describeField(name, shape as AnyShape)),
    ).toEqual(
      reference.fields.map((field) => ({
        name: field.name,
        type: field.type,
        required: field.required,
        nullable: field.nullable,
        ...('default' in field ? { default: field.default } : {}),
      })),
    );
  });

  it('are those of the reference and no others', () => {
    const ours = Object.entries(subdomains).flatMap(([subdomain, members]) =>
      Object.entries(members)
        .filter(([, member]) => (member as RecordShape).kind === 'record')
        .map(([name]) => `${subdomain}.${name}`),
    );
    expect(ours.sort()).toEqual(catalogue.data_classes.map(({ qualified_name }) => qualified_name).sort());
  });
});

describe('the order of the fields on the wire', () => {
  const signals = Object.values(subdomains)
    .flatMap((members) => Object.values(members))
    .filter((member) => 'eventType' in (member as object)) as OpenEdxPublicSignal[];

  it.each(Object.entries(golden.events))('is that of the reference in %s', (eventType, { schema }) => {
    const signal = signals.find((other) => other.eventType === eventType);
    expect(layoutOfShape(signal?.shape as AnyShape)).toEqual(layoutOfSchema(schema, new Map()));
  });
});

interface Catalogue {
  readonly signals: readonly {
    readonly name: string;
    readonly event_type: string;
    readonly subdomain: string;
    readonly minor_version: number;
    readonly init_data: Readonly<Record<string, string>>;
    readonly since: string;
    readonly serializable: boolean;
    readonly key_field: string | null;
    readonly producer: { readonly repositories: readonly string[] };
    readonly flags: readonly string[];
  }[];
  readonly data_classes: readonly {
    readonly name: string;
    readonly qualified_name: string;
    readonly subdomain: string;
    readonly fields: readonly {
      readonly name: string;
      readonly type: string;
      readonly required: boolean;
      readonly nullable: boolean;
      readonly default?: unknown;
    }[];
  }[];
}

/** Keys that the reference annotates wrongly: the paths do not exist in the data of these events. */
const correctedKeys: Readonly<Record<string, string>> = {
  ROLE_ASSIGNMENT_CREATED: 'role_assignment.subject',
  ROLE_ASSIGNMENT_DELETED: 'role_assignment.subject',
  COURSE_IMPORT_COMPLETED: 'course.course_key',
  COURSE_RERUN_COMPLETED: 'course.course_key',
};

/** Producers that the reference does not annotate, although the event is sent. */
const addedProducers: Readonly<Record<string, readonly string[]>> = {
  CONTENT_OBJECT_TAGS_CHANGED: ['openedx/openedx-platform'],
  COURSE_ACCESS_ROLE_ADDED: ['openedx/openedx-platform'],
  EXTERNAL_GRADER_SCORE_SUBMITTED: ['openedx/edx-submissions'],
  LTI_PROVIDER_LAUNCH_SUCCESS: ['openedx/openedx-platform'],
};

/** The reference names the platform's repository as it was called before. */
function renamed(repository: string): string {
  return repository === 'openedx/edx-platform' ? 'openedx/openedx-platform' : repository;
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../data/golden', file), 'utf8'));
}

function describeField(name: string, shape: AnyShape) {
  if (shape.kind === 'optional')
    return { name, type: typeOf(shape.of as AnyShape), required: false, nullable: true, default: null };
  if (shape.kind === 'withDefault')
    return {
      name,
      type: typeOf(shape.of as AnyShape),
      required: false,
      nullable: false,
      default: shape.default,
    };
  return { name, type: typeOf(shape), required: true, nullable: false };
}

function typesOf(fields: Fields): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, shape]) => [name, typeOf(shape as AnyShape)]));
}

/** A shape in the notation of the catalogue, which is that of Python. */
function typeOf(shape: AnyShape): string {
  switch (shape.kind) {
    case 'record':
      return shape.name;
    case 'custom':
      return shape.type.name === 'uuid' ? 'UUID' : shape.type.name;
    case 'list':
      return `List[${typeOf(shape.of as AnyShape)}]`;
    case 'map':
      return `Dict[str, ${typeOf(shape.values as AnyShape)}]`;
    default:
      return pythonNames[shape.kind] ?? shape.kind;
  }
}

const pythonNames: Readonly<Record<string, string>> = {
  boolean: 'bool',
  bytes: 'BinaryIO',
  double: 'float',
  long: 'int',
  string: 'str',
};

type Schema = string | readonly Schema[] | { readonly name?: string; readonly [key: string]: unknown };
/** A record as its name and the layout of its fields in order; anything else as what it holds. */
type Layout = string | readonly Layout[];

function layoutOfShape(shape: AnyShape): Layout {
  switch (shape.kind) {
    case 'record':
      return [
        shape.name,
        ...Object.entries(shape.fields).map(([name, field]) => [name, layoutOfShape(field as AnyShape)]),
      ];
    case 'optional':
      return ['null', layoutOfShape(shape.of as AnyShape)];
    case 'withDefault':
      return layoutOfShape(shape.of as AnyShape);
    case 'list':
      return ['array', layoutOfShape(shape.of as AnyShape)];
    case 'map':
      return ['map', layoutOfShape(shape.values as AnyShape)];
    case 'custom':
      return shape.type.wire;
    default:
      return shape.kind;
  }
}

function layoutOfSchema(schema: Schema, named: Map<string, Layout>): Layout {
  if (typeof schema === 'string') return named.get(schema) ?? schema;
  if (Array.isArray(schema)) return schema.map((branch: Schema) => layoutOfSchema(branch, named));
  const { type, name, fields, items, values } = schema as Readonly<Record<string, unknown>>;
  if (type === 'array') return ['array', layoutOfSchema(items as Schema, named)];
  if (type === 'map') return ['map', layoutOfSchema(values as Schema, named)];
  const layout = [
    name as string,
    ...(fields as readonly { readonly name: string; readonly type: Schema }[]).map((field) => [
      field.name,
      layoutOfSchema(field.type, named),
    ]),
  ];
  named.set(name as string, layout);
  return layout;
}
