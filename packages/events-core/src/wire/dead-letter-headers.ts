/** The headers that a dead letter has in addition to those of its message, and that a redrive removes. */
export const deadLetterHeaders: ReadonlySet<string> = new Set([
  'dlq-code',
  'dlq-message',
  'dlq-attempts',
  'dlq-first-failure',
  'dlq-last-failure',
  'dlq-source',
  'dlq-group',
  'dlq-value-bytes',
  'dlq-value-sha256',
]);
