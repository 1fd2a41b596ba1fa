import type { Delivery } from '../contract/delivery.js';

/** What keeps its order. Deliveries without a key keep theirs among themselves. */
export function keyOf({ message: { key } }: Delivery): string {
  return key === null ? '' : Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}
