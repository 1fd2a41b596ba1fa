import type { AnyShape, CustomShape, RecordShape } from '../shapes/shape.js';
import { shapesIn } from '../shapes/shapes-in.js';
import { replacePersonalData } from './replace-personal-data.js';

/** The personal values of an event. */
export interface PersonalValues {
  /** Each once, as text. */
  readonly values: readonly string[];
  /** Whether these are all. */
  readonly isComplete: boolean;
}

/** The first 1,000 values of an event that its shape declares as personal data (`pii`), as texts that may stand in a message. */
export function personalValues(shape: RecordShape, data: unknown): PersonalValues {
  const found = new Set<string>();
  if (hasPersonal(shape as AnyShape))
    replacePersonalData(shape as AnyShape, data, (value, of) => collect(value, of, found));
  return { values: [...found].slice(0, MAX_VALUES), isComplete: found.size <= MAX_VALUES };
}

const known = new WeakMap<AnyShape, boolean>();

function hasPersonal(shape: AnyShape): boolean {
  let has = known.get(shape);
  if (has === undefined) {
    has = shape.pii.length > 0 || shapesIn(shape).some(hasPersonal);
    known.set(shape, has);
  }
  return has;
}

/** Everything in a value that is personal as a whole: also keys of maps, and the form in which a custom type travels. */
function collect(value: unknown, shape: AnyShape | undefined, found: Set<string>): void {
  const isThere = value !== null && value !== undefined;
  if (shape?.kind === 'optional' || shape?.kind === 'withDefault')
    collect(value, shape.of as AnyShape, found);
  else if (shape?.kind === 'list' && isThere)
    for (const item of value as Iterable<unknown>) collect(item, shape.of as AnyShape, found);
  else if (shape?.kind === 'map' && isThere)
    for (const [key, item] of Object.entries(value)) {
      collectAll(key, found);
      collect(item, shape.values as AnyShape, found);
    }
  else if (shape?.kind === 'record' && isThere)
    for (const [name, item] of Object.entries(value))
      collect(
        item,
        (Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined) as AnyShape | undefined,
        found,
      );
  else {
    if (shape?.kind === 'custom') collectAll(wireOf(shape, value), found);
    collectAll(value, found);
  }
}

function collectAll(value: unknown, found: Set<string>): void {
  if (found.size > MAX_VALUES) return;
  if (value instanceof Uint8Array) {
    if (value.length > 0 && value.length <= MAX_BYTES) found.add(Buffer.from(value).toString('latin1'));
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) collectAll(inner, found);
  } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    if (value !== '') found.add(String(value));
  }
}

/** Undefined for a value that the type does not accept: then it has no such form. */
function wireOf({ type }: CustomShape, value: unknown): unknown {
  try {
    return type.toWire(value);
  } catch {
    return undefined;
  }
}

const MAX_VALUES = 1_000;
/** Of bytes, such as an image; as Avro's JSON form writes them. */
const MAX_BYTES = 1_000;
