import { InvalidOptionsError } from '../errors/configuration-errors.js';

/** Creates the error for what needs a bus where none is set. */
export function noBus(why: string): InvalidOptionsError {
  return new InvalidOptionsError('EVENT_BUS', [
    { path: '', message: `${why}, but no bus is set: use memory, redis or kafka, or null to opt out` },
  ]);
}
