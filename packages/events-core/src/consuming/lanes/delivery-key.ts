import type { Delivery } from '../types/delivery.js';

/** Returns the unit of order of a delivery: its key. Deliveries without a key form one unit. */
export function keyOf({ message: { key } }: Delivery): string {
  return key === null ? '' : Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}
