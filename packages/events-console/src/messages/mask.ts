/** What stands in place of a personal value. */
export const MASK = '***';
