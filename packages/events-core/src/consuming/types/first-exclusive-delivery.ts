/**
 * From this delivery on an event is processed exclusively in its consumer, because it may be the one that crashes the
 * process (decision 12). For buses that count deliveries: deliveries 1 and 2 are counted when the event may have been in
 * flight as the process died, later ones only through `countExclusive`.
 */
export const FIRST_EXCLUSIVE_DELIVERY = 3;
