const brand = Symbol.for('@openedx-ts/events-core/pending-receipt');

/** What a receiver returns when it took the event and finishes later: its result is `pending`, with this promise. */
export interface PendingReceipt {
  readonly receipt: Promise<unknown>;
}

/** Marks a promise as a receipt to hand on instead of one to wait for. Its rejection is never an unhandled one. */
export function pendingReceipt(receipt: Promise<unknown>): PendingReceipt {
  receipt.catch(() => {}); // whoever made it reports the failure; a caller that ignores the receipt must not crash
  return Object.defineProperty({ receipt }, brand, { value: true });
}

/** Whether a receiver's return value is a receipt. */
export function isPendingReceipt(value: unknown): value is PendingReceipt {
  return typeof value === 'object' && value !== null && brand in value;
}
