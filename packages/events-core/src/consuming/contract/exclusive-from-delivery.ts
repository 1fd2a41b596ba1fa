/**
 * From this delivery on an event is processed exclusively in its consumer, because it may be the one that crashes the
 * process (decision 12). For buses that count deliveries: deliveries 1 and 2 are counted when the event is handed to the
 * consumer, later ones only through `countExclusive`.
 */
export const EXCLUSIVE_FROM_DELIVERY = 3;
