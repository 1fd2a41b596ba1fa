import { InvalidShapeError } from '../errors/signal-errors.js';
import { makeShape } from './make-shape.js';
import type { CustomShape, CustomType, ShapeAnnotations, WireValues } from './shape.js';

/**
 * A field of your own type. It works in every place a primitive does, also in lists and maps, and reaches every bus.
 *
 * @throws InvalidShapeError when the wire primitive is unknown
 */
export function custom<Input, Output, Wire extends keyof WireValues>(
  type: CustomType<Input, Output, Wire>,
  annotations?: ShapeAnnotations,
): CustomShape<Input, Output> {
  if (!(wirePrimitives as readonly string[]).includes(type.wire)) {
    throw new InvalidShapeError(
      `custom type ${type.name} travels as "${type.wire}": use one of ${wirePrimitives.join(', ')}`,
    );
  }
  // Which primitive it is matters to the type's author only; everything else treats the wire value as opaque.
  const erased = type as unknown as CustomType<Input, Output>;
  return makeShape<CustomShape<Input, Output>>({ kind: 'custom', type: erased }, annotations);
}

const wirePrimitives = [
  'string',
  'long',
  'double',
  'boolean',
  'bytes',
] as const satisfies readonly (keyof WireValues)[];
