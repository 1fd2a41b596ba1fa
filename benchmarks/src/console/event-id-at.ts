import { randomUUID } from 'node:crypto';

/** An event id (a UUID of version 7) of a time in milliseconds since 1970. */
export function eventIdAt(time: number): string {
  const hex = time.toString(16).padStart(12, '0');
  const random = randomUUID();
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${random.slice(15, 18)}-${random.slice(19)}`;
}
