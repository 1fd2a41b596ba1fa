import type { AnyShape, RecordShape } from '../shapes/shape.js';

/**
 * The values of an event that its shape declares as personal data (`pii`), as texts that may stand in a message. Short
 * ones are left out: they would be found everywhere. At most 1,000, the longest first.
 */
export function personalValues(shape: RecordShape, data: object): readonly string[] {
  const found = new Set<string>();
  if (hasPersonal(shape as AnyShape)) collect(shape as AnyShape, data, found);
  return [...found].sort((a, b) => b.length - a.length);
}

const known = new WeakMap<AnyShape, boolean>();

function hasPersonal(shape: AnyShape): boolean {
  let has = known.get(shape);
  if (has === undefined) {
    has = shape.pii.length > 0 || innerOf(shape).some(hasPersonal);
    known.set(shape, has);
  }
  return has;
}

function innerOf(shape: AnyShape): readonly AnyShape[] {
  switch (shape.kind) {
    case 'optional':
    case 'withDefault':
    case 'list':
      return [shape.of as AnyShape];
    case 'map':
      return [shape.values as AnyShape];
    case 'record':
      return Object.values(shape.fields) as AnyShape[];
    default:
      return [];
  }
}

function collect(shape: AnyShape, value: unknown, found: Set<string>): void {
  if (value === null || value === undefined || found.size >= MAX_VALUES) return;
  if (shape.pii.length > 0) collectAll(shape.kind === 'custom' ? shape.type.toWire(value) : value, found);
  else if (shape.kind === 'optional' || shape.kind === 'withDefault')
    collect(shape.of as AnyShape, value, found);
  else if (shape.kind === 'list')
    for (const item of value as readonly unknown[]) collect(shape.of as AnyShape, item, found);
  else if (shape.kind === 'map')
    for (const item of Object.values(value)) collect(shape.values as AnyShape, item, found);
  else if (shape.kind === 'record')
    for (const [name, field] of Object.entries(shape.fields))
      collect(field as AnyShape, (value as Readonly<Record<string, unknown>>)[name], found);
}

/** Everything in a value that is personal as a whole. */
function collectAll(value: unknown, found: Set<string>): void {
  if (found.size >= MAX_VALUES) return;
  if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    for (const inner of Object.values(value)) collectAll(inner, found);
  } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    const text = String(value);
    if (text.length >= MIN_LENGTH) found.add(text);
  }
}

const MAX_VALUES = 1_000;
const MIN_LENGTH = 3;
