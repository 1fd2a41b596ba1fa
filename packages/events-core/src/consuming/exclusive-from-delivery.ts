/**
 * From this delivery on an event is handled with nothing else in hand in its consumer, as it may be what ends the process
 * (decision 12). For buses that count deliveries: until then a delivery counts when it is handed over, from then on when
 * `countExclusive` was told.
 */
export const EXCLUSIVE_FROM_DELIVERY = 3;
