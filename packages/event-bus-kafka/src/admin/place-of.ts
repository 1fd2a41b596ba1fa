import { InvalidOptionsError } from '@openedx-ts/events-core';

/**
 * The partition and the offset that a position names.
 *
 * @throws InvalidOptionsError
 */
export function placeOf(position: string): { readonly partition: number; readonly offset: number } {
  const [, partition, offset] = /^(\d{1,10}):(\d{1,16})$/.exec(position.trim()) ?? [];
  if (partition !== undefined && offset !== undefined)
    return { partition: Number(partition), offset: Number(offset) };
  const message = 'expected partition:offset, e.g. 0:17';
  throw new InvalidOptionsError('Kafka', [{ path: 'position', message }]);
}
