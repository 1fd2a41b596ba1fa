import { makeShape } from './make-shape.js';
import type { OptionalShape, ShapeAnnotations, ValueShape } from './shape.js';

/**
 * A record field that may be left out or `null`; either arrives as `null`. `false`, `0`, `''` and `[]` are values
 * and arrive as they are (the Python services lose them on their side). Annotations default to those of `of`.
 */
export const optional = <S extends ValueShape>(of: S, annotations?: ShapeAnnotations): OptionalShape<S> =>
  makeShape<OptionalShape<S>>({ kind: 'optional', of }, annotations, of);
