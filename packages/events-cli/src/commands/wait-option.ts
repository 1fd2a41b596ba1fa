import { Option } from 'commander';
import { positiveInteger } from './positive-integer.js';

/** `--wait`: how long the broker may be unreachable when the command starts. */
export function waitOption(): Option {
  return new Option(
    '--wait <ms>',
    'time to wait for the broker at the start, in milliseconds; later outages are waited out',
  )
    .argParser(positiveInteger)
    .default(10_000);
}
