/** The header that counts how often a dead letter was sent again. It stays with the event. */
export const REDRIVES_HEADER = 'dlq-redrives';
