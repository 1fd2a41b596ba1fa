import type { AnyShape, RecordShape } from '../shapes/shape.js';
import { MASK } from './mask.js';
import { replacePersonalData } from './replace-personal-data.js';

/**
 * A copy of an event's data, or of its form as JSON, in which every field that its shape declares as personal data
 * (`pii`) is `***`, with all that is in it. `null` stays, so that one sees that there is nothing. Mask before anything
 * filters or searches the data: what is masked must not be found.
 */
export function maskPersonalData(shape: RecordShape, data: object): object {
  return replacePersonalData(shape as AnyShape, data, () => MASK) as object;
}
