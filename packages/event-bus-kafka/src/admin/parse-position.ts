import { InvalidOptionsError } from '@openedx-ts/events-core';

/**
 * Parses a position of a delivery or a stored message: `<partition>:<offset>`.
 *
 * @throws InvalidOptionsError for any other text
 */
export function parsePosition(position: string): { readonly partition: number; readonly offset: number } {
  const [, partition, offset] = /^(\d{1,10}):(\d{1,16})$/.exec(position.trim()) ?? [];
  if (partition !== undefined && offset !== undefined)
    return { partition: Number(partition), offset: Number(offset) };
  const message = 'expected partition:offset, e.g. 0:17';
  throw new InvalidOptionsError('Kafka', [{ path: 'position', message }]);
}
