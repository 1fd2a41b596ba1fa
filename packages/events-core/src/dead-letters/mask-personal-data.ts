import type { AnyShape, RecordShape } from '../shapes/shape.js';

/**
 * A copy of an event's data, or of its form as JSON, in which every field that its shape declares as personal data
 * (`pii`) is `***`, with all that is in it. `null` stays, so that one sees that there is nothing.
 */
export function maskPersonalData(shape: RecordShape, data: object): object {
  return masked(shape as AnyShape, data) as object;
}

function masked(shape: AnyShape, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  if (shape.pii.length > 0) return MASK;
  switch (shape.kind) {
    case 'optional':
    case 'withDefault':
      return masked(shape.of as AnyShape, value);
    case 'list':
      return (value as readonly unknown[]).map((item) => masked(shape.of as AnyShape, item));
    case 'map':
      return mapped(value as object, () => shape.values as AnyShape);
    case 'record':
      return mapped(value as object, (name) => shape.fields[name] as AnyShape | undefined);
    default:
      return value;
  }
}

/** What no shape speaks of is masked, too. */
function mapped(value: object, shapeOf: (name: string) => AnyShape | undefined): object {
  const entries = Object.entries(value).map(([name, item]) => {
    const shape = shapeOf(name);
    return [name, shape === undefined ? MASK : masked(shape, item)] as const;
  });
  return Object.fromEntries(entries);
}

const MASK = '***';
