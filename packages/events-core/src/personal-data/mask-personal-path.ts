import type { AnyShape, RecordShape } from '../shapes/shape.js';
import { shapesIn } from '../shapes/shapes-in.js';
import { MASK } from './mask.js';

/**
 * A dotted path to a value of an event, for errors: from the first key of a map or of JSON that its shape declares as
 * personal data (`pii`), `***`. Names of fields and positions in lists stay. A key with dots in it hides where the next
 * one starts: then `***` begins at the outermost map that has personal keys in it.
 */
export function maskPersonalPath(shape: RecordShape, path: string): string {
  const segments = path.split('.');
  const maskedFrom = (index: number) => [...segments.slice(0, index), MASK].join('.');
  let at: AnyShape = shape as AnyShape;
  let isPersonal = false;
  let unclearFrom: number | undefined;
  for (let index = 0; index < segments.length; ) {
    isPersonal ||= at.pii.length > 0;
    if (at.kind === 'optional' || at.kind === 'withDefault') {
      at = at.of as AnyShape;
      continue;
    }
    if (isPersonal && (at.kind === 'map' || at.kind === 'custom')) return maskedFrom(index);
    if (at.kind === 'map' && hasPersonalKeys(at.values as AnyShape)) unclearFrom ??= index;
    const inner = innerOf(at, segments[index] as string);
    if (inner === undefined) return unclearFrom === undefined ? path : maskedFrom(unclearFrom);
    at = inner;
    index += 1;
  }
  return path;
}

function innerOf(shape: AnyShape, segment: string): AnyShape | undefined {
  if (shape.kind === 'record')
    return Object.hasOwn(shape.fields, segment) ? (shape.fields[segment] as AnyShape) : undefined;
  if (shape.kind === 'list') return shape.of as AnyShape;
  return shape.kind === 'map' ? (shape.values as AnyShape) : undefined;
}

/** Whether a map or JSON in it is personal, so that its keys are. */
function hasPersonalKeys(shape: AnyShape, isPersonal = false): boolean {
  const isInside = isPersonal || shape.pii.length > 0;
  if (isInside && (shape.kind === 'map' || shape.kind === 'custom')) return true;
  return shapesIn(shape).some((inner) => hasPersonalKeys(inner, isInside));
}
