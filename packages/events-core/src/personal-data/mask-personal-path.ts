import type { AnyShape, RecordShape } from '../shapes/shape.js';
import { MASK } from './mask.js';

/**
 * A dotted path to a value of an event, for errors: from the first key of a map or of JSON that its shape declares as
 * personal data (`pii`), `***`. Names of fields and positions in lists stay.
 */
export function maskPersonalPath(shape: RecordShape, path: string): string {
  const segments = path.split('.');
  let at: AnyShape = shape as AnyShape;
  let isPersonal = false;
  for (let index = 0; index < segments.length; ) {
    isPersonal ||= at.pii.length > 0;
    if (at.kind === 'optional' || at.kind === 'withDefault') {
      at = at.of as AnyShape;
      continue;
    }
    if (isPersonal && (at.kind === 'map' || at.kind === 'custom'))
      return [...segments.slice(0, index), MASK].join('.');
    const inner = innerOf(at, segments[index] as string);
    if (inner === undefined) return path;
    at = inner;
    index += 1;
  }
  return path;
}

function innerOf(shape: AnyShape, segment: string): AnyShape | undefined {
  if (shape.kind === 'record') return shape.fields[segment] as AnyShape | undefined;
  if (shape.kind === 'list') return shape.of as AnyShape;
  return shape.kind === 'map' ? (shape.values as AnyShape) : undefined;
}
