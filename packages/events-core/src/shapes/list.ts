import { makeShape } from './make-shape.js';
import type { ListShape, ShapeAnnotations, ValueShape } from './shape.js';

/** A list whose items all have the shape `of`; the empty list is a value. Items cannot be absent. */
export const list = <S extends ValueShape>(of: S, annotations?: ShapeAnnotations): ListShape<S> =>
  makeShape<ListShape<S>>({ kind: 'list', of }, annotations);
