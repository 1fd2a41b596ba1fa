import { makeShape } from './make-shape.js';
import type { MapShape, ShapeAnnotations, ValueShape } from './shape.js';

/** A map from text to values of one shape. The key `__proto__` is refused in both directions. */
export const map = <S extends ValueShape>(values: S, annotations?: ShapeAnnotations): MapShape<S> =>
  makeShape<MapShape<S>>({ kind: 'map', values }, annotations);
