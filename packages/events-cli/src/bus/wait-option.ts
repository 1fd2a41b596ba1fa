import { InvalidArgumentError, Option } from 'commander';

/** `--wait`: how long a broker may be away when the command starts. */
export function waitOption(): Option {
  return new Option(
    '--wait <ms>',
    'how long to wait for the broker at the start; later outages are waited out',
  )
    .argParser(positiveInteger)
    .default(10_000);
}

/** A whole number of 1 or more. */
export function positiveInteger(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number > 0 && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('Expected a whole number, 1 or more.');
}
