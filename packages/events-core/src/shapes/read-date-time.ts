import { DateTime } from './date-time.js';
import { fromPythonIso } from './from-python-iso.js';

/**
 * Reads a date-time that was received: as `DateTime.parse`, and in the further forms that Python reads, which it brings
 * into the canonical one.
 *
 * @throws InvalidDateTimeError
 */
export function readDateTime(text: string): DateTime {
  try {
    return DateTime.parse(text);
  } catch (error) {
    const canonical = fromPythonIso(text);
    if (canonical === undefined) throw error;
    return DateTime.from(canonical);
  }
}
