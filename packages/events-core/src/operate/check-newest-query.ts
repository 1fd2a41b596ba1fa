import { InvalidOptionsError } from '../errors/configuration-errors.js';
import type { NewestQuery } from './topic-browser.js';

/**
 * Checks the `count` of a query for the newest messages; for buses.
 *
 * @throws InvalidOptionsError when it is no whole number of 1 to 1,000
 */
export function checkNewestQuery({ count }: NewestQuery): void {
  if (Number.isInteger(count) && count >= 1 && count <= MAX_COUNT) return;
  const message = `must be a whole number of 1 to ${MAX_COUNT}`;
  throw new InvalidOptionsError('newest messages', [{ path: 'count', message }]);
}

const MAX_COUNT = 1_000;
