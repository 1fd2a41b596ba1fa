import type { AnyShape } from './shape.js';

/** The shapes directly inside a shape: of its fields, items or values. */
export function shapesIn(shape: AnyShape): readonly AnyShape[] {
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
