import { isDeepStrictEqual } from 'node:util';
import type { AnyShape, Fields, Shape } from './shape.js';

/**
 * In one event a record name means one thing: the second use is written as the bare name, so two records of one name
 * with different fields would silently share the first one's schema (as happens in the reference).
 *
 * @returns what is wrong, or undefined
 */
export function recordNameConflict(
  known: Readonly<Record<string, Fields>>,
  fields: Fields,
): string | undefined {
  const seen = new Map<string, Fields>(Object.entries(known));
  const visit = (shape: AnyShape): string | undefined => {
    switch (shape.kind) {
      case 'optional':
      case 'withDefault':
      case 'list':
        return visit(shape.of as AnyShape);
      case 'map':
        return visit(shape.values as AnyShape);
      case 'record': {
        const other = seen.get(shape.name);
        if (other === undefined) {
          seen.set(shape.name, shape.fields);
          return visitFields(shape.fields);
        }
        return sameFields(other, shape.fields)
          ? undefined
          : `the record name "${shape.name}" means two different things: rename one of them`;
      }
      default:
        return undefined;
    }
  };
  const visitFields = (inner: Fields): string | undefined => {
    for (const shape of Object.values(inner)) {
      const problem = visit(shape as AnyShape);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
  return visitFields(fields);
}

function sameFields(a: Fields, b: Fields): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  const others = Object.keys(b);
  return (
    names.length === others.length &&
    names.every((name, index) => name === others[index] && sameShape(a[name] as Shape, b[name] as Shape))
  );
}

function sameShape(one: Shape, other: Shape): boolean {
  const a = one as AnyShape;
  const b = other as AnyShape;
  if (a === b) return true;
  if (a.kind === 'record' && b.kind === 'record') return a.name === b.name && sameFields(a.fields, b.fields);
  if (a.kind === 'map' && b.kind === 'map') return sameShape(a.values, b.values);
  if (a.kind === 'list' && b.kind === 'list') return sameShape(a.of, b.of);
  if (a.kind === 'optional' && b.kind === 'optional') return sameShape(a.of, b.of);
  if (a.kind === 'withDefault' && b.kind === 'withDefault')
    return isDeepStrictEqual(a.default, b.default) && sameShape(a.of, b.of);
  if (a.kind === 'custom' && b.kind === 'custom')
    return a.type.name === b.type.name && a.type.wire === b.type.wire;
  return a.kind === b.kind;
}
