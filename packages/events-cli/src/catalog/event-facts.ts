import type { OpenEdxPublicSignal, PiiType, Shape } from '@openedx-ts/events-core';
import type { AnyShape, Fields } from '@openedx-ts/events-core/bus';

/** The facts about an event, as `--json` prints them. */
export interface EventFacts {
  readonly event_type: string;
  /** The name under which its module exports it; null when unknown. */
  readonly name: string | null;
  readonly subdomain: string;
  readonly minor_version: number;
  readonly doc: string | null;
  readonly key_field: string | null;
  readonly pii: readonly PiiType[];
  readonly produced_by: readonly string[];
  readonly since: string | null;
  readonly deprecated: string | null;
  readonly local_only: string | null;
}

/** A field of an event's data. */
export interface FieldFacts {
  /** Dotted; `[]` means the items of a list, `{}` the values of a map. */
  readonly path: string;
  readonly type: string;
  /** Whether a sender must give it. */
  readonly required: boolean;
  readonly default?: unknown;
  readonly doc: string | null;
  readonly pii: readonly PiiType[];
}

/** Collects the facts about an event. */
export function eventFacts(signal: OpenEdxPublicSignal, name: string | undefined): EventFacts {
  const { about } = signal;
  return {
    event_type: signal.eventType,
    name: name ?? null,
    subdomain: subdomainOf(signal.eventType),
    minor_version: signal.minorVersion,
    doc: about.doc ?? null,
    key_field: about.eventKeyField ?? null,
    pii: [...new Set(fieldFacts(signal).flatMap(({ pii }) => pii))].sort(),
    produced_by: about.producedBy,
    since: about.since ?? null,
    deprecated: about.deprecated ?? null,
    local_only: about.localOnly ?? null,
  };
}

/** Lists every field of an event's data in wire order, a record before its fields. */
export function fieldFacts(signal: OpenEdxPublicSignal): readonly FieldFacts[] {
  return fieldsOf(signal.shape.fields, '');
}

/** The third part of an event type, e.g. `learning`. */
function subdomainOf(eventType: string): string {
  return eventType.split('.')[2] ?? '';
}

function fieldsOf(fields: Fields, prefix: string): FieldFacts[] {
  return Object.entries(fields).flatMap(([name, field]: [string, Shape]) => {
    const shape = field as AnyShape;
    const path = `${prefix}${name}`;
    return [
      {
        path,
        type: typeText(shape),
        required: shape.kind !== 'optional' && shape.kind !== 'withDefault',
        ...(shape.kind === 'withDefault' && { default: defaultOf(shape.of as AnyShape, shape.default) }),
        doc: shape.doc ?? null,
        pii: piiOf(shape),
      },
      ...fieldsInside(shape, path),
    ];
  });
}

function fieldsInside(shape: AnyShape, path: string): FieldFacts[] {
  switch (shape.kind) {
    case 'record':
      return fieldsOf(shape.fields, `${path}.`);
    case 'list':
      return fieldsInside(shape.of as AnyShape, `${path}[]`);
    case 'map':
      return fieldsInside(shape.values as AnyShape, `${path}{}`);
    case 'optional':
    case 'withDefault':
      return fieldsInside(shape.of as AnyShape, path);
    default:
      return [];
  }
}

function typeText(shape: AnyShape): string {
  switch (shape.kind) {
    case 'record':
      return shape.name;
    case 'custom':
      return shape.type.name;
    case 'list':
      return `list<${typeText(shape.of as AnyShape)}>`;
    case 'map':
      return `map<${typeText(shape.values as AnyShape)}>`;
    case 'optional':
    case 'withDefault':
      return typeText(shape.of as AnyShape);
    default:
      return shape.kind;
  }
}

/** A field also has the kinds of personal data of its items or values. */
function piiOf(shape: AnyShape): readonly PiiType[] {
  switch (shape.kind) {
    case 'list':
    case 'optional':
    case 'withDefault':
      return [...new Set([...shape.pii, ...piiOf(shape.of as AnyShape)])];
    case 'map':
      return [...new Set([...shape.pii, ...piiOf(shape.values as AnyShape)])];
    default:
      return shape.pii;
  }
}

function defaultOf(shape: AnyShape, value: unknown): unknown {
  return shape.kind === 'custom' ? shape.type.toWire(value) : value;
}
