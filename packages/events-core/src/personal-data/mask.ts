/** What stands where personal data was. */
export const MASK = '***';
