import { type Environment, InvalidOptionsError } from '@openedx-ts/events-core';

/**
 * Reads `COURSE_PLACES`: how many learners a course takes, as JSON by course key. Courses that it does not name take any
 * number.
 *
 * @throws InvalidOptionsError
 */
export function coursePlaces({ COURSE_PLACES: text }: Environment): ReadonlyMap<string, number> {
  if (!text) return new Map();
  const places = new Map(Object.entries(parsed(text)));
  const wrong = [...places].find(([, count]) => !Number.isInteger(count) || Number(count) < 0);
  if (wrong !== undefined) throw invalid(`the places of ${wrong[0]} must be a whole number`);
  return places as ReadonlyMap<string, number>;
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // reported below
  }
  throw invalid('must be a JSON object, such as {"course-v1:edX+DemoX+2026": 30}');
}

function invalid(message: string): InvalidOptionsError {
  return new InvalidOptionsError('COURSE_PLACES', [{ path: '', message }]);
}
