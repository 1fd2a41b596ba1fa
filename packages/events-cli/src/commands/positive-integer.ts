import { InvalidArgumentError } from 'commander';

/**
 * Parses the value of an option as a whole number of 1 or more.
 *
 * @throws InvalidArgumentError
 */
export function positiveInteger(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number > 0 && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('Expected a whole number, 1 or more.');
}
