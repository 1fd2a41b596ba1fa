import { InvalidOptionsError } from '../errors/configuration-errors.js';

/**
 * Parses the positions of `startFrom: { position }` on a bus with partitions, such as `0:17,1:4`.
 *
 * @param subject whose option it is, for the error, e.g. `consumer of group notifications`
 * @returns the offset to start at, by partition
 * @throws InvalidOptionsError when the text is no list of `partition:offset`
 */
export function parsePartitionPositions(position: string, subject: string): ReadonlyMap<number, number> {
  const parts = position.split(',').map((text) => /^(\d{1,10}):(\d{1,15})$/.exec(text.trim()));
  if (parts.every((part) => part !== null)) {
    return new Map(parts.map(([, partition, offset]) => [Number(partition), Number(offset)]));
  }
  throw new InvalidOptionsError(subject, [
    { path: 'startFrom', message: 'expected positions as partition:offset, e.g. "0:17" or "0:17,1:4"' },
  ]);
}
