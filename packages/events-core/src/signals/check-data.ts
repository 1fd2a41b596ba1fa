import { InvalidDataError } from '../errors/data-errors.js';
import type { Issue } from '../errors/events-error.js';
import { maskPersonalPath } from '../personal-data/mask-personal-path.js';
import { type CheckOptions, checkOf } from '../shapes/check.js';
import type { FieldsInput, FieldsOutput } from '../shapes/shape.js';
import type { OpenEdxPublicSignal, PayloadFields } from './signal.js';

/**
 * Checks data against the shape of its signal, and returns it normalised, as receivers get it.
 *
 * @throws InvalidDataError with the path of every issue
 */
export function checkData<F extends PayloadFields>(
  signal: Pick<OpenEdxPublicSignal<F>, 'eventType' | 'shape'>,
  data: FieldsInput<F>,
  options?: CheckOptions,
): FieldsOutput<F> {
  const issues: Issue[] = [];
  const checked = checkOf(signal.shape, options)(data, issues);
  if (issues.length > 0) {
    const shown = issues.map(({ path, message }) => ({
      path: maskPersonalPath(signal.shape, path),
      message,
    }));
    throw new InvalidDataError(signal.eventType, shown);
  }
  return checked as FieldsOutput<F>;
}
