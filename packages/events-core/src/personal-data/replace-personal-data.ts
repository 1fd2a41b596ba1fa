import type { AnyShape } from '../shapes/shape.js';

/**
 * A copy of a value in which everything is replaced that its shape declares as personal data (`pii`), with all that is
 * in it, and every field that the shape does not know. `null` and `undefined` stay. The one walk behind all masking.
 *
 * @param replace gets the value and its shape; `undefined` for a field that the shape does not know
 */
export function replacePersonalData(
  shape: AnyShape,
  value: unknown,
  replace: (value: unknown, shape: AnyShape | undefined) => unknown,
): unknown {
  if (value === null || value === undefined) return value;
  if (shape.pii.length > 0) return replace(value, shape);
  const inner = (of: unknown, item: unknown) => replacePersonalData(of as AnyShape, item, replace);
  switch (shape.kind) {
    case 'optional':
    case 'withDefault':
      return inner(shape.of, value);
    case 'list':
      return Array.from(value as Iterable<unknown>, (item) => inner(shape.of, item));
    case 'map':
      return replacedFields(value, (_name, item) => inner(shape.values, item));
    case 'record':
      return replacedFields(value, (name, item) =>
        Object.hasOwn(shape.fields, name) ? inner(shape.fields[name], item) : replace(item, undefined),
      );
    default:
      return value;
  }
}

function replacedFields(value: object, replaced: (name: string, item: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, replaced(name, item)]));
}
